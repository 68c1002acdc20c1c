"""PolicyElsewhere: what a key policy that this app cannot change must say, announced once for each key as JSON."""

import json
from collections.abc import Collection, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.at_synthesis import at_synthesis
from constructs_lib.granted_statements import merge
from constructs_lib.principals import Permission, Principal, arn_parts, short_digest
from constructs_lib.service_access.narrowing import narrowed

if TYPE_CHECKING:
    from constructs import IConstruct

_ID = "cdk-key-management:key-policy-elsewhere"
_EVERYBODY = "*"


@dataclass
class PolicyElsewhere:
    """The permissions that were asked of one key.

    Attributes:
        key: Where they are announced.
        name: How people call the key.
        account: Its account as a principal.
        resource: What IAM policies call it.
    """

    key: "IConstruct"
    _: KW_ONLY
    name: str
    account: str
    resource: str
    _asked: list[Permission] = field(default_factory=list)
    _in_iam: dict[str, set[str]] = field(default_factory=dict)
    _iam_may_decide: bool = True

    def ask(self, permissions: Sequence[Permission], in_iam: Collection[Principal] = ()) -> None:
        """Remember what the key policy must say, and what others must say in IAM.

        Where a key policy lets the IAM policies of its own account decide, callers of that account need no more.

        Args:
            permissions: Of one grant.
            in_iam: Callers whose own policies this app writes. Default: none.

        Raises:
            ConfigurationError: If a key policy cannot say it.
        """
        asked = [*self._asked, *(each for each in permissions if each not in self._asked)]
        merge(asked)  # refuses before anything is remembered
        if not self._asked:
            at_synthesis(self.key, self._announce)
        self._asked = asked
        for permission in permissions:
            who, allowed = permission.principal, permission.effect == "Allow"
            if not (allowed and self.is_own(who) and (who in in_iam or who.is_account)):
                self._iam_may_decide = False
            if allowed and who not in in_iam and self._asks_iam(who):
                self._in_iam.setdefault(_spoken(who), set()).update(permission.actions)

    def needed(self, asked: Permission) -> tuple[Permission, ...]:
        """Return what is needed of what a construct of the CDK asks for, which may be less.

        What is asked for everybody, such as the account through a service, stays as it is: nobody names whom it means.

        Args:
            asked: With exact actions.
        """
        _, partition, _, _, account, _ = arn_parts(self.account)
        less = narrowed(asked, account=account, partition=partition)
        return (asked,) if less.instead else less.permissions

    def is_own(self, principal: Principal) -> bool:
        """Whether somebody is of the key's own account."""
        if principal.kind != "AWS" or principal.value == _EVERYBODY:
            return False
        return arn_parts(principal.named or principal.value)[4] == arn_parts(self.account)[4]

    def _asks_iam(self, principal: Principal) -> bool:
        # A key policy is enough for somebody of its account named by identity; where it names the account, IAM decides.
        return principal.kind == "AWS" and (bool(principal.named) or not self.is_own(principal))

    def _announce(self) -> list[str]:
        statements = json.dumps([statement.render() for statement in merge(self._asked)])
        in_iam = [
            f"; IAM policies of {who} must allow {', '.join(sorted(actions))} on {self.resource}"
            for who, actions in sorted(self._in_iam.items())
        ]
        placeholders = "; ${...} stands for what the deployment knows" if "${" in statements else ""
        must = "must have, unless it lets IAM policies of its account decide," if self._iam_may_decide else "must have"
        told = f"this app cannot change the policy of {self.name}, which {must} {statements}"
        # Whoever acknowledges it has read these statements; others come with another id.
        annotations, found = cdk.Annotations.of(self.key), f"{_ID}-{short_digest(statements)}"
        announce = annotations.add_info_v2 if self._iam_may_decide else annotations.add_warning_v2
        announce(found, "".join((told, *in_iam, placeholders)))
        return []


def _spoken(principal: Principal) -> str:
    if principal.is_account:
        return f"account {arn_parts(principal.value)[4]}"
    return principal.named or ("whoever is meant" if principal.value == _EVERYBODY else principal.value)
