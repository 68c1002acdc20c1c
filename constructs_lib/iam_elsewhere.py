"""IamElsewhere: what somebody else must allow in IAM before a key policy has its effect, announced as JSON.

For a role that is named by name, and for everybody of another account, KMS asks the caller's own policies too. Where
neither this app nor the CDK can write them, whoever can is told which statement he needs.
https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

from constructs_lib.at_synthesis import at_synthesis
from constructs_lib.naming.own_account import own_account
from constructs_lib.naming.permission_set import permission_set_of
from constructs_lib.naming.token_text import TokenText
from constructs_lib.principals import Conditions, Person, Principal, arn_parts

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

Parts = Iterable[tuple[Iterable[str], Mapping[str, Any]]]
"""Actions, and the conditions under which they are allowed."""

_NOTED = "_cdk_key_management_iam_elsewhere"
_KEY_ID = "<key id>"
_OF_ACCOUNTS = ("aws:PrincipalOrgPaths", "aws:PrincipalOrgID")


@dataclass(frozen=True, order=True)
class _Reader:
    """Who must do something, and for whom."""

    note: str
    account: str
    who: str

    def told(self, statement: str) -> str:
        """Return what is announced."""
        if self.note == "permission-set":
            return f"KMS asks IAM, too: the permission set {self.who} must allow {statement}"
        if self.note == "own-iam-policy":
            return f"KMS asks IAM, too: policies of {self.who} must allow {statement}"
        return (
            f"{self.account} must allow it in IAM, too, to {self.who}: {statement}; from there the key is called by "
            "its ARN"
        )


@dataclass
class IamElsewhere:
    """What others must allow about one key.

    Attributes:
        key: The key.
        alias_name: Its alias, by which a statement can be said before there is a key.
    """

    key: "kms.IKey"
    alias_name: str | None
    _needed: dict[_Reader, dict[str, set[str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, key: "kms.IKey", alias_name: str | None) -> "IamElsewhere":
        """Return what is collected for a key, and have it announced at synthesis.

        Args:
            key: The key.
            alias_name: Its alias.
        """
        found: IamElsewhere | None = getattr(key, _NOTED, None)
        if found is None:
            found = cls(key, alias_name)
            setattr(key, _NOTED, found)
            at_synthesis(key, found.announce)
        return found

    def note(self, person: Person, parts: Parts) -> None:
        """Remember what must be allowed to somebody.

        Args:
            person: As the key policy names him.
            parts: What.
        """
        needed = self._needed.setdefault(self._reader(person), {})
        for actions, conditions in parts:
            needed.setdefault(json.dumps(conditions), set()).update(actions)

    def announce(self) -> list[str]:
        """Announce it, once for each reader, and find nothing wrong."""
        for reader, needed in sorted(self._needed.items()):
            statements = [self._statement(actions, json.loads(under)) for under, actions in sorted(needed.items())]
            told = json.dumps(statements[0] if len(statements) == 1 else statements)
            cdk.Annotations.of(self.key).add_info_v2(f"cdk-key-management:{reader.note}", reader.told(told))
        return []

    def _reader(self, person: Person) -> _Reader:
        principal = person.principal
        if principal.value == "*":
            return _Reader("other-account", _whose(person.conditions), "whoever shall use the key")
        name = principal.named or principal.value
        account = arn_parts(name)[4]
        permission_set = permission_set_of(name)
        if not is_of_own_account(self.key, principal):
            users = "whoever shall use the key" if principal.is_account else name
            who = f"the permission set {permission_set}" if permission_set else users
            return _Reader("other-account", f"account {account}", who)
        if permission_set:
            return _Reader("permission-set", account, permission_set)
        return _Reader("own-iam-policy", account, name)

    def _statement(self, actions: set[str], conditions: dict[str, Any]) -> dict[str, Any]:
        stack = cdk.Stack.of(self.key)
        text = TokenText(stack)
        _, partition, _, _, account, _ = arn_parts(own_account(stack, text))
        region = text.text(stack.region)
        resource = f"arn:{partition}:kms:{region}:{account}:key/{_KEY_ID if self.alias_name is None else '*'}"
        if self.alias_name is not None:
            by_alias = {"kms:ResourceAliases": text.text(self.alias_name)}
            conditions = {"ForAnyValue:StringEquals": by_alias, **conditions}
        written = sorted(actions)
        statement = {"Effect": "Allow", "Action": written[0] if len(written) == 1 else written, "Resource": resource}
        return {**statement, "Condition": conditions} if conditions else statement


def _whose(conditions: Conditions) -> str:
    values = [value for wanted in _OF_ACCOUNTS for keys in conditions.values() for value in keys.get(wanted, ())]
    return f"each account of {values[0]}" if values else "each account that is meant"


def is_of_own_account(key: "kms.IKey", principal: Principal) -> bool:
    """Whether a principal is in the account of a key.

    Args:
        key: The key.
        principal: As its policy names him.
    """
    stack = cdk.Stack.of(key)
    own = arn_parts(own_account(stack, TokenText(stack)))[4]
    return principal.value != "*" and arn_parts(principal.named or principal.value)[4] == own
