"""KeyPolicy: people and grants in, statements out. Decides whether a person may do something; no scope, no jsii."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from constructs_lib.actions import (
    ADMINISTER,
    CREATE_GRANT,
    CREATE_THROUGH_SERVICE,
    DECRYPT,
    ENCRYPT,
    INSPECT,
    PUT_KEY_POLICY,
    USE,
)
from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import (
    Conditions,
    Effect,
    Permission,
    Principal,
    canonical_conditions,
    merge_conditions,
    short_digest,
)
from constructs_lib.statements import Statement

FOR_AWS_RESOURCES: Conditions = {"Bool": {"kms:GrantIsForAWSResource": ("true",)}}
"""https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-grant-is-for-aws-resource"""

ACTIONS_OF_PEOPLE = {
    "administrators": ADMINISTER,
    "encrypters": ENCRYPT,
    "decrypters": DECRYPT,
    "auditors": INSPECT,
}
"""What each kind of person may do who does not depend on how the key is administered and deployed."""

_EVERY_SERVICE = "*"
_GRANT_LIMITS = frozenset({
    "kms:GrantIsForAWSResource",
    "kms:GrantOperations",
    "kms:GranteePrincipal",
    "kms:GranteeServicePrincipal",
})

# They call KMS for each request and never make a grant. https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
_SERVICES_WITHOUT_GRANTS = frozenset({"logs", "s3", "secretsmanager", "sns", "sqs"})

_LONGEST_READABLE_SID = 48


class Administration(Enum):
    """Who may administer a key: change its policy, disable it, schedule its deletion. Never use it."""

    THROUGH_IAM = "THROUGH_IAM"
    """The account: its IAM policies say who. Somebody can always be let in again."""

    ONLY_NAMED = "ONLY_NAMED"
    """The administrators that are named and whoever deploys the key, and nobody else, whatever IAM says."""


@dataclass(frozen=True, kw_only=True)
class KeyPolicy:
    """Who may do what with one key.

    Attributes:
        account: The key's account as a principal: `arn:...:root`.
        region: The key's Region, for `kms:ViaService`.
        administration: Who administers.
        administrators: People who administer by name.
        encrypters: People who encrypt and generate data keys, and do not decrypt.
        decrypters: People who decrypt, and do not encrypt.
        auditors: People who read metadata.
        deployers: Who creates the key and encrypted resources with it, through AWS services only.
        services: The AWS services through which a deployer may use the key, as the first part of
            `kms:ViaService`; None for all of the Region.
    """

    account: str
    region: str
    administration: Administration
    administrators: Sequence[Principal] = ()
    encrypters: Sequence[Principal] = ()
    decrypters: Sequence[Principal] = ()
    auditors: Sequence[Principal] = ()
    deployers: Sequence[Principal] = ()
    services: Sequence[str] | None = None

    def __post_init__(self) -> None:
        """Refuse a key that nobody could manage.

        Raises:
            ConfigurationError: If only named people administer and none is named, if nobody deploys, or if somebody
                both administers and uses the key.
        """
        if self.administration is Administration.ONLY_NAMED and not self.administrators:
            raise ConfigurationError("administrators must name somebody when administration is ONLY_NAMED, got nobody")
        if not self.deployers:
            raise ConfigurationError("deployers must name who deploys the key, got nobody")
        for use in ("encrypters", "decrypters"):
            both = sorted(set(self.administrators) & set(getattr(self, use)))
            if both:
                who = both[0].named or both[0].value
                raise ConfigurationError(f"{use} must be other people than the administrators, got {who} as both")

    def statements(self, granted: Iterable[Permission] = ()) -> tuple[Statement, ...]:
        """Return the whole policy in its canonical order: people first, then what was granted.

        Args:
            granted: What grants and services added, in any order.

        Raises:
            ConfigurationError: If what was granted would lock the deployer out, or let an administrator use the key.
        """
        granted = tuple(granted)
        for permission in granted:
            uses = permission.effect == "Allow" and set(permission.actions) & {*USE, CREATE_GRANT}
            if uses and permission.principal in self.administrators:
                who = permission.principal.named or permission.principal.value
                raise ConfigurationError(f"grantee must be somebody else than an administrator of the key, got {who}")
        everything = (*self._administration(), *self._people(), *self._deployment(), *merge(granted))
        for statement in everything:
            if statement.effect == "Deny" and PUT_KEY_POLICY in statement.actions:
                raise ConfigurationError(
                    f"a key policy must let its deployer change it, got a Deny of {PUT_KEY_POLICY}"
                )
        return everything

    def actions_of(self, people: str) -> tuple[str, ...]:
        """Return what one kind of person may do with the key, whatever the conditions."""
        if people in ACTIONS_OF_PEOPLE:
            return ACTIONS_OF_PEOPLE[people]
        written = [*self._administration(), *self._deployment()]
        allowed = {action for each in written if each.sid.startswith("Deployers") for action in each.actions}
        return tuple(sorted(allowed))

    def _administration(self) -> list[Statement]:
        through_iam = self.administration is Administration.THROUGH_IAM
        account = [Principal("AWS", self.account)] if through_iam else []
        return [
            *Statement.for_callers("AccountAdministration", account, ADMINISTER),
            *Statement.for_callers("Administrators", self.administrators, ADMINISTER),
            # Without the account's delegation the deployer's own IAM policy has no effect on the key.
            *Statement.for_callers("DeployersAdminister", () if through_iam else self.deployers, ADMINISTER),
        ]

    def _people(self) -> list[Statement]:
        return [
            *Statement.for_callers("Encrypters", self.encrypters, ENCRYPT),
            *Statement.for_callers("Decrypters", self.decrypters, DECRYPT),
            *Statement.for_callers("Auditors", self.auditors, INSPECT),
        ]

    def _deployment(self) -> list[Statement]:
        # CloudFormation creates encrypted resources with the deployer's permissions, and most services then
        # call KMS as the creator. The condition is absent, so false, when the deployer calls KMS directly.
        # https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
        using = self.services if self.services is not None else [_EVERY_SERVICE]
        granting = [service for service in using if service not in _SERVICES_WITHOUT_GRANTS]
        return [
            *(self._through("DeployersThroughServices", using, CREATE_THROUGH_SERVICE, {}) if using else []),
            *(self._through("DeployersGrants", granting, [CREATE_GRANT], FOR_AWS_RESOURCES) if granting else []),
        ]

    def _through(
        self, sid: str, services: Iterable[str], actions: Iterable[str], conditions: Conditions
    ) -> list[Statement]:
        # The suffix is .amazonaws.com in every partition.
        values = tuple(f"{service}.{self.region}.amazonaws.com" for service in services)
        operator = "StringLike" if _EVERY_SERVICE in services else "StringEquals"
        via_service: Conditions = {operator: {"kms:ViaService": values}}
        return Statement.for_callers(sid, self.deployers, actions, merge_conditions(via_service, conditions))


def limits_grants(conditions: Conditions) -> bool:
    """Whether conditions say already for whom or for what a grant may be made."""
    return any(key in _GRANT_LIMITS for keys in conditions.values() for key in keys)


def merge(permissions: Iterable[Permission]) -> list[Statement]:
    """Return the same permissions in as few statements as possible, in an order that no grant order changes.

    Each caller's permissions are gathered under each set of conditions; then callers with equal permissions
    share a statement. The Sid says what is allowed, so it changes only together with its statement.
    """
    held: dict[tuple[Effect, Principal, str], set[str]] = {}
    known: dict[str, Conditions] = {}
    for permission in permissions:
        for actions, conditions in _apart(permission):
            under = json.dumps(conditions)  # canonical, so equal conditions are equal texts
            known[under] = conditions
            held.setdefault((permission.effect, permission.principal, under), set()).update(actions)
    grouped: dict[tuple[Effect, str, tuple[str, ...], str], list[Principal]] = {}
    for (effect, caller, under), all_actions in held.items():
        grouped.setdefault((effect, caller.kind, tuple(sorted(all_actions)), under), []).append(caller)
    merged = [
        statement
        for (effect, kind, actions, under), callers in grouped.items()
        for statement in Statement.for_callers(
            _sid(effect, kind, actions, short_digest(known[under]) if known[under] else ""),
            callers,
            actions,
            known[under],
            effect,
        )
    ]
    return sorted(merged, key=lambda statement: statement.sid)


def _apart(permission: Permission) -> list[tuple[tuple[str, ...], Conditions]]:
    """Part `CreateGrant` from the rest: it is given for AWS resources only, unless it is narrowed already."""
    conditions = canonical_conditions(permission.conditions)
    if CREATE_GRANT not in permission.actions or limits_grants(conditions) or permission.effect == "Deny":
        return [(permission.actions, conditions)]
    rest = tuple(action for action in permission.actions if action != CREATE_GRANT)
    grants = ((CREATE_GRANT,), merge_conditions(conditions, FOR_AWS_RESOURCES))
    return [(rest, conditions), grants] if rest else [grants]


def _sid(effect: Effect, kind: str, actions: Sequence[str], digest: str) -> str:
    words = "".join(action.removeprefix("kms:") for action in actions)
    if len(words) > _LONGEST_READABLE_SID:
        words = words[: _LONGEST_READABLE_SID - 6] + short_digest(list(actions))
    who = "" if kind == "AWS" else f"To{kind}"
    return f"{'Granted' if effect == 'Allow' else 'Denied'}{words}{who}{digest}"
