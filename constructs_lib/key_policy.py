"""KeyPolicy: people and grants in, statements out. Decides whether a person may do something; no scope, no jsii."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property, lru_cache

from constructs_lib.actions import CREATE_GRANT
from constructs_lib.condition_rules import check_conditions
from constructs_lib.denials import check_denial
from constructs_lib.errors import ConfigurationError
from constructs_lib.granted_statements import for_people, merge
from constructs_lib.key_kind import KeyKind
from constructs_lib.principals import Permission, Person, Principal
from constructs_lib.same_caller import may_be_same, whose_arns
from constructs_lib.service_access.creators import creator_statements
from constructs_lib.statements import Statement


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
        kind: What the key can do.
        account: The key's account as a principal: `arn:...:root`.
        region: The key's Region, for `kms:ViaService`.
        administration: Who administers.
        people: Those whom the key's construct names: its argument (`administrators`, `auditors`, and those of the
            kind, such as `encrypters`) to people.
        deployers: Who creates the key and encrypted resources with it, through AWS services only.
        services: The AWS services through which a deployer may use the key, as the first part of
            `kms:ViaService`; None for all of the Region.
        guards: Statements that deny.
        known_as: Gives the ARN that a role or user has by its name, for what stands for it in the policy: so an
            administrator is known in each spelling.
    """

    kind: KeyKind
    account: str
    region: str
    administration: Administration
    people: Mapping[str, Sequence[Person]] = field(default_factory=dict)
    deployers: Sequence[Principal] = ()
    services: Sequence[str] | None = None
    guards: Sequence[Statement] = ()
    known_as: Callable[[str], str] = str

    def __post_init__(self) -> None:
        """Refuse a key that nobody could manage.

        Raises:
            ConfigurationError: If only named people administer and none is named, if nobody deploys, if somebody
                both administers and uses the key, or is named twice or under conditions that do not bind him.
        """
        if self.administration is Administration.ONLY_NAMED and not self.people.get("administrators"):
            raise ConfigurationError("administrators must name somebody when administration is ONLY_NAMED, got nobody")
        if not self.deployers:
            raise ConfigurationError("deployers must name who deploys the key, got nobody")
        for argument, people in self.people.items():
            for person in people:
                if argument in self.kind.people and self._is_administrator(person):
                    who = " or ".join(whose_arns(person))
                    raise ConfigurationError(
                        f"{argument} must be other people than the administrators, got {who} as both"
                    )
                actions = self.kind.actions_of(argument)
                self._check(argument, Permission(person.principal, actions, person.conditions))

    def statements(self, granted: Iterable[Permission] = ()) -> tuple[Statement, ...]:
        """Return the whole policy in its canonical order: people first, then what was granted, then what is denied.

        Args:
            granted: What grants and services added, in any order.

        Raises:
            ConfigurationError: If what was granted would lock the deployer out, or let an administrator use the key.
        """
        granted = tuple(granted)
        for permission in granted:
            self._check("grantee", permission)
            if permission.effect == "Deny":
                check_denial(
                    permission, administer=self.kind.administer, deployers=self.deployers, known_as=self.known_as
                )
            elif set(permission.actions) & {*self.kind.use, CREATE_GRANT}:
                who = Person(permission.principal, permission.conditions)
                if self._is_administrator(who):
                    raise ConfigurationError(
                        "grantee must be somebody else than an administrator of the key, "
                        f"got {' or '.join(whose_arns(who))}"
                    )
        return (*self._before_grants, *merge(granted), *self.guards)

    def created_through(self, service: str) -> "KeyPolicy":
        """Return the same policy, in which deployers may also create through one AWS service.

        Args:
            service: The first part of `kms:ViaService`.
        """
        if self.services is None or service in self.services:
            return self
        return replace(self, services=(*self.services, service))

    def actions_of(self, people: str) -> tuple[str, ...]:
        """Return what one kind of person may do with the key, whatever the conditions."""
        if people != "deployers":
            return self.kind.actions_of(people)
        written = [*self._administration(), *self._deployment()]
        allowed = {action for each in written if each.sid.startswith("Deployers") for action in each.actions}
        return tuple(sorted(allowed))

    def holders_of(self, actions: Iterable[str], granted: Iterable[Permission] = ()) -> tuple[str, ...]:
        """Name whoever may do one of these by the constructor or a grant: not deployers, who create through services.

        Args:
            actions: Exact KMS actions.
            granted: What grants and services added.
        """
        wanted = set(actions)
        named = (
            Permission(person.principal, self.kind.actions_of(argument))
            for argument in self.kind.people
            for person in self.people.get(argument, ())
        )
        allowed = [each for each in (*named, *granted) if each.effect == "Allow" and wanted & set(each.actions)]
        return tuple(sorted({str(Person(each.principal)) for each in allowed}))

    @cached_property
    def _administrators(self) -> tuple[str, ...]:
        return tuple(arn for person in self.people.get("administrators", ()) for arn in self._arns(person))

    def _is_administrator(self, person: Person) -> bool:
        if not self._administrators:
            return False
        return any(may_be_same(arn, each) for arn in self._arns(person) for each in self._administrators)

    def _arns(self, person: Person) -> tuple[str, ...]:
        return tuple(self.known_as(arn) for arn in whose_arns(person))

    def _check(self, argument: str, permission: Permission) -> None:
        try:
            check_conditions(permission, self.kind.use)
        except ConfigurationError as error:
            raise ConfigurationError(f"{argument}: {error}") from error

    @cached_property
    def _before_grants(self) -> tuple[Statement, ...]:
        return (*self._administration(), *self._people(), *self._deployment())

    def _administration(self) -> list[Statement]:
        through_iam = self.administration is Administration.THROUGH_IAM
        account = [Principal("AWS", self.account)] if through_iam else []
        administer = self.kind.administer
        return [
            *Statement.for_callers("AccountAdministration", account, administer),
            *for_people("Administrators", self.people.get("administrators", ()), administer),
            # Without the account's delegation the deployer's own IAM policy has no effect on the key.
            *Statement.for_callers("DeployersAdminister", () if through_iam else self.deployers, administer),
        ]

    def _people(self) -> list[Statement]:
        return [
            statement
            for argument in (*self.kind.people, "auditors")
            for statement in for_people(
                argument.capitalize(), self.people.get(argument, ()), self.kind.actions_of(argument)
            )
        ]

    def _deployment(self) -> tuple[Statement, ...]:
        services = None if self.services is None else tuple(self.services)
        return _created(services, tuple(self.deployers), self.region)


@lru_cache(maxsize=64)  # the same for most keys of a stack
def _created(services: tuple[str, ...] | None, deployers: tuple[Principal, ...], region: str) -> tuple[Statement, ...]:
    return tuple(creator_statements(services, deployers, region))
