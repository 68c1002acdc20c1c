"""What whoever creates resources lacks of a key, which its services or grants did not give him. No jsii.

lacking_to_create("rds", policy, granted=(), deployer="", usual="") -> ("kms:CreateGrant", ...)
"""

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Protocol

from constructs_lib.actions import CREATE_GRANT
from constructs_lib.principals import Permission, Person, Principal
from constructs_lib.service_access.creators import Grants, creator_of
from constructs_lib.service_access.service_use import VIA_SERVICE

_LIMITING = ("StringEquals", "StringLike")
_UNKNOWN = re.compile(r"\$\{[^}]*\}")


class AdmitsDeployers(Protocol):
    """A key policy, as far as it is about those who create resources with the key."""

    @property
    def region(self) -> str:
        """Region of the key."""

    @property
    def services(self) -> Sequence[str] | None:
        """The services through which the key admits its deployers; None for all of the Region."""

    @property
    def deployers(self) -> Sequence[Principal]:
        """Its deployers."""


def lacking_to_create(
    service: str,
    policy: AdmitsDeployers,
    *,
    granted: Iterable[Permission] = (),
    deployer: str = "",
    usual: str = "",
) -> tuple[str, ...]:
    """Return the actions that whoever creates resources through an AWS service lacks.

    Args:
        service: The first part of `kms:ViaService`.
        policy: Of the key.
        granted: What grants added to it.
        deployer: The role that creates; by default any of the deployers.
        usual: The role that deploys the key's own stack. If the key does not admit it, others deploy than those that
            the CDK knows, and any of the deployers may be the one who creates.

    Raises:
        ConfigurationError: If no service is known by that name.
    """
    admitted = [str(Person(each)) for each in policy.deployers]
    creating = [deployer] if deployer and (not usual or _is_among([usual], admitted)) else admitted
    if (policy.services is None or service in policy.services) and _is_among(creating, admitted):
        return ()
    through = f"{service}.{policy.region}.amazonaws.com"
    held = {
        action
        for permission in granted
        if permission.effect == "Allow" and _is_open_to(through, permission)
        if _is_among(creating, [str(Person(permission.principal))])
        for action in permission.actions
    }
    creator = creator_of(service)
    needed = {*creator.actions, *([] if creator.grants is Grants.NONE else [CREATE_GRANT])}
    return tuple(sorted(needed - held))


def _is_among(roles: Iterable[str], others: Iterable[str]) -> bool:
    """Whether one of these roles may be one of the others: what only the deployment knows may be anything."""
    return any(_may_be(one, other) or _may_be(other, one) for one in roles for other in others)


def _may_be(role: str, other: str) -> bool:
    name, pattern = role.partition(":role/")[2], _UNKNOWN.sub("*", other.partition(":role/")[2])
    return role == other or (name != "" and fnmatchcase(name, pattern))


def _is_open_to(through: str, permission: Permission) -> bool:
    return all(
        any(fnmatchcase(through, value) for value in values) is (operator in _LIMITING)
        for operator, keys in permission.conditions.items()
        for name, values in keys.items()
        if name.lower() == VIA_SERVICE.lower()
    )
