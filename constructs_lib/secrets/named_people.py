"""NamedPeople: who was named to one secret, by its constructor and by every grant since, without a reference."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.cdk_principals import principal_of
from constructs_lib.naming.deployment_role import deployment_role
from constructs_lib.naming.grantees import Grantee, Grantees
from constructs_lib.naming.own_account import own_account
from constructs_lib.naming.role_names import UnnamedRoles
from constructs_lib.naming.stack_facts import StackFacts
from constructs_lib.policy_size import names_resources
from constructs_lib.principals import PRINCIPAL_ARN, Person, Principal, arn_parts
from constructs_lib.secrets.secret_policy import SecretPeople
from constructs_lib.spared_callers import refuse_wildcards
from constructs_lib.taking_back import is_taken_back
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from constructs_lib.secrets.hosted_function import HostedFunction

READERS, WRITERS, ROTATORS, ADMINISTRATORS = "readers", "writers", "rotators", "administrators"
_DEPLOYERS = "deployers"
_SESSION = ":assumed-role/"
_PLACEHOLDER = "${"


class NamedPeople:
    """People of one secret, as its resource policy names them.

    A role or user of the secret's stack is named by its ARN; one of another stack by name, so that the stacks need not
    know of each other. Neither is a principal: what the policy compares is `aws:PrincipalArn`.
    """

    def __init__(
        self, secret: cdk.Resource, deployers: "Sequence[iam.IGrantable]", organization_id: str | None
    ) -> None:
        """Start with the deployers.

        Args:
            secret: The secret.
            deployers: Who creates, changes and deletes it; empty for the execution role of the stack's synthesizer.
            organization_id: The organization of everybody who may do anything.

        Raises:
            ConfigurationError: If a deployer cannot be named.
        """
        self._where = f"[{secret.node.path}]"
        stack = cdk.Stack.of(secret)
        # Shared by the stack, as are the people that were read before.
        self.text = StackFacts.of(secret).text
        self._grantees = Grantees(secret, self.text, UnnamedRoles.GIVE_NAME)
        self._account = arn_parts(own_account(stack, self.text))[4]
        self._named: dict[str, list[Person]] = {each: [] for each in (READERS, WRITERS, ROTATORS, ADMINISTRATORS)}
        named = tuple(each for who in deployers for each in self.read(_DEPLOYERS, who).people)
        self._deployers = named or (Person(deployment_role(stack, self.text)),)
        if named:
            _announce_deployers(secret, named)
        self._is_taken_back = is_taken_back(secret)
        self._organization_id = organization_id or ""
        self.hosted_function: HostedFunction | None = None
        self.reading_functions: tuple[HostedFunction, ...] = ()

    def read(self, kind: str, grantee: "iam.IGrantable", argument: str = "") -> Grantee:
        """Return how policies name somebody.

        Args:
            kind: For what: one of the kinds of this module.
            grantee: Who is meant.
            argument: What a refusal calls them. Default: the kind.

        Raises:
            ConfigurationError: If it is not a role or a user that has a name: a service, an account, an organization,
                everybody, a group, a session; or one of another account who shall do more than read.
        """
        argument = argument or kind
        read = self._grantees.read(principal_of(grantee, argument), argument)
        for person in read.people:
            self._check(argument, person)
            if kind != READERS and self.is_foreign(person.principal):
                hint = "; give the stack an env, so that its account is known" if "{" in self._account else ""
                raise ConfigurationError(
                    f"{self._where} {argument} must be of the account of the secret, got {person}: only reading is "
                    f"shared with other accounts{hint}"
                )
        return read

    def add(self, kind: str, grantee: Grantee) -> bool:
        """Remember somebody, and return whether that is new.

        Args:
            kind: For what: one of the kinds of this module.
            grantee: Who.
        """
        new = [each for each in grantee.people if each not in self._named[kind]]
        self._named[kind] += new
        return bool(new)

    @property
    def people(self) -> SecretPeople:
        """Everybody so far, for the policy."""
        named = {kind: self._importable(people) for kind, people in self._named.items()}
        return SecretPeople(
            account=self._account,
            deployers=self._deployers,
            readers=named[READERS],
            writers=named[WRITERS],
            rotators=named[ROTATORS],
            administrators=named[ADMINISTRATORS],
            hosted_function=self.hosted_function,
            reading_functions=self.reading_functions,
            organization_id=self._organization_id,
        )

    @property
    def deployers(self) -> "list[iam.IPrincipal]":
        """Who deploys the secret, as principals for the keys of other Regions."""
        return [self._principal(each.principal) for each in self._deployers]

    def _principal(self, who: Principal) -> "iam.IPrincipal":
        principal = iam.ArnPrincipal(self.text.with_tokens(who.value))
        if not who.named:
            return principal
        named = {"ArnEquals": {PRINCIPAL_ARN: self.text.with_tokens(who.named)}}
        return iam.PrincipalWithConditions(principal, named)

    def is_foreign(self, principal: Principal) -> bool:
        """Whether a role or user is known to be of another account.

        Args:
            principal: As policies name it.
        """
        name = principal.named or principal.value
        return not name.startswith(_PLACEHOLDER) and arn_parts(name)[4] != self._account

    def _importable(self, people: "Sequence[Person]") -> tuple[Person, ...]:
        """Leave out the roles of the stack while it is synthesised for an import, which takes back secrets alone."""
        return tuple(each for each in people if not (self._is_taken_back and names_resources(str(each))))

    def _check(self, argument: str, person: Person) -> None:
        who, name = person.principal, person.principal.named or person.principal.value
        if who.kind == "Service":
            raise ConfigurationError(
                f"{self._where} {argument} must be roles and users, got the service {who.value}: services read secrets "
                "with the permissions of a role, such as the execution role of a task; name that"
            )
        if who.kind != "AWS" or who.value == "*" or who.is_account:
            said = "everybody" if who.value == "*" else who.value
            raise ConfigurationError(
                f"{self._where} {argument} must be roles and users by name, got {said}: the resource policy denies "
                "the secret to everybody whom it does not name"
            )
        if _SESSION in name:
            raise ConfigurationError(
                f"{self._where} {argument} must be roles and users, got the session {name}: name its role"
            )
        refuse_wildcards(f"{self._where} {argument} must be", name)
        if person.conditions:
            keys = sorted({key for found in person.conditions.values() for key in found})
            raise ConfigurationError(
                f"{self._where} {argument} must be named without conditions, which a list of names cannot say, got "
                f"{name} under {', '.join(keys)}"
            )


def _announce_deployers(secret: cdk.Resource, deployers: "Sequence[Person]") -> None:
    cdk.Annotations.of(secret).add_info_v2(
        "cdk-key-management:deployers-as-cloudformation",
        f"whoever may assume {', '.join(sorted(map(str, deployers)))} in a session called AWSCloudFormation reads the "
        "secret, as CloudFormation does: let the trust policy name cloudformation.amazonaws.com alone",
    )


def check_people(argument: str, people: object) -> None:
    """Refuse what is no sequence of people.

    Args:
        argument: What a refusal calls them.
        people: What was given.

    Raises:
        ConfigurationError: If it is none.
    """
    if isinstance(people, str) or not isinstance(people, Sequence):
        raise ConfigurationError(f"{argument} must be a sequence of roles and users, got {spoken(people)}")
