"""PolicyElsewhere: what a key policy that this app cannot change must say, announced once for each key as JSON."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.at_synthesis import at_synthesis
from constructs_lib.granted_statements import merge
from constructs_lib.principals import Permission, Principal, short_digest

if TYPE_CHECKING:
    from constructs import IConstruct

_ID = "cdk-key-management:key-policy-elsewhere"


@dataclass
class PolicyElsewhere:
    """The permissions that were asked of one key.

    Attributes:
        key: Where they are announced.
        name: How people call the key.
        resource: What IAM policies call it.
    """

    key: "IConstruct"
    name: str
    resource: str
    _asked: list[Permission] = field(default_factory=list)
    _beyond_iam: list[Permission] = field(default_factory=list)
    _in_iam: dict[str, set[str]] = field(default_factory=dict)

    def must_allow(self, permissions: Iterable[Permission]) -> None:
        """Remember what works only if the key policy says it.

        Raises:
            ConfigurationError: If a key policy cannot say it.
        """
        new = tuple(permissions)
        self.may_leave_to_iam(new)
        self._beyond_iam.extend(new)

    def may_leave_to_iam(self, permissions: Iterable[Permission]) -> None:
        """Remember what IAM policies of the key's account allow already, if the key policy lets them decide.

        Raises:
            ConfigurationError: If a key policy cannot say it.
        """
        asked = [*self._asked, *permissions]
        merge(asked)
        if not self._asked:
            at_synthesis(self.key, self._announce)
        self._asked = asked

    def must_be_allowed_in_iam(self, principal: Principal, actions: Iterable[str]) -> None:
        """Remember what a caller's own policies must say, which this app cannot write either."""
        self._in_iam.setdefault(principal.named or principal.value, set()).update(actions)

    def _announce(self) -> list[str]:
        statements = json.dumps([statement.render() for statement in merge(self._asked)])
        in_iam = [
            f"; IAM policies of {who} must allow {', '.join(sorted(actions))} on {self.resource}"
            for who, actions in sorted(self._in_iam.items())
        ]
        placeholders = "; ${...} stands for what the deployment knows" if "${" in statements else ""
        must = "must have" if self._beyond_iam else "must have, unless it lets IAM policies of the account decide,"
        told = f"this app cannot change the policy of {self.name}, which {must} {statements}"
        # Whoever acknowledges it has read these statements; others come with another id.
        annotations, found = cdk.Annotations.of(self.key), f"{_ID}[{short_digest(statements)}]"
        announce = annotations.add_warning_v2 if self._beyond_iam else annotations.add_info_v2
        announce(found, "".join((told, *in_iam, placeholders)))
        return []
