"""Grantees: how a key policy names whoever the CDK wants to give a permission to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import IConstruct

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.cdk_principals import identity_of, is_of_known_class, is_unchanging, said_of
from constructs_lib.naming.known_callers import check_known
from constructs_lib.naming.name_notes import NameNotes
from constructs_lib.naming.naming import Naming
from constructs_lib.naming.own_account import own_account
from constructs_lib.naming.role_names import UnnamedRoles, named_arn
from constructs_lib.naming.source_conditions import localised
from constructs_lib.naming.stack_facts import StackFacts
from constructs_lib.naming.token_text import TokenText, referenced_in, tokens_in
from constructs_lib.naming.whom_conditions_mean import OF_CALLERS, people_meant
from constructs_lib.principals import Conditions, Effect, Person, Principal, arn_parts

_Kind = Literal["AWS", "Service", "Federated"]
_KINDS = ("AWS", "Service", "Federated")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
_ACCOUNT = r"(?:\d{12}|\$\{[^}]*\})"
_OF_CALLERS = re.compile(
    rf"arn:.+:(?:iam::{_ACCOUNT}:(?:root|(?:role|user)/.+)|sts::{_ACCOUNT}:(?:assumed-role|federated-user)/.+)"
)
_ROLE_OR_USER = re.compile(r"arn:.+:iam::.+:(?:role|user)/[^*?]+")


@dataclass(frozen=True)
class Grantee:
    """Who is meant, as plain data and as the CDK has it.

    Attributes:
        people: How the key policy names them, and under which conditions each.
        conditions: Under which conditions, from the principal itself.
        far: Roles and users of the app among them that are named by name: for these IAM must allow the action too.
        elsewhere: Those for whom somebody else must allow it in IAM, as far as this app can see: of other accounts, or
            named by name though the app does not define them.
    """

    people: tuple[Person, ...]
    conditions: Conditions
    far: tuple[IConstruct, ...] = ()
    elsewhere: tuple[Person, ...] = ()

    @property
    def callers(self) -> tuple[Principal, ...]:
        """How the key policy names them."""
        return tuple(person.principal for person in self.people)

    @property
    def asks_iam(self) -> bool:
        """Whether the key policy is not enough for one of them."""
        return bool(self.far or self.elsewhere)

    def is_only(self, account: str) -> bool:
        """Whether one account is meant, as a principal, and under no condition."""
        return all(
            person.principal.is_account and person.principal.value == account and not person.conditions
            for person in self.people
        )


@dataclass
class Grantees:
    """Reads principals for a key; what every key of the stack reads alike is read once.

    Attributes:
        key: The key in whose policy they will stand.
        text: Names for the tokens of its stack.
        unnamed: What to do with unnamed roles that are named by name.
        naming: Whether roles and users of the key's own stack are named by name as well.
    """

    key: cdk.Resource
    text: TokenText
    unnamed: UnnamedRoles
    naming: Naming = Naming.BY_STACK
    _read: dict[tuple[object, Naming], tuple[iam.IPrincipal, Grantee]] = field(default_factory=dict)

    def read(self, principal: iam.IPrincipal, argument: str = "grantee") -> Grantee:
        """Return how the key policy names a principal.

        A role or user of the key's stack, or one given by its ARN, is named by identity, unless all are named by name;
        one of another stack is always named by name. Nothing here makes a reference to another stack.

        Args:
            principal: Who is meant.
            argument: What a refusal calls it.

        Raises:
            ConfigurationError: If KMS cannot name it: a group, everybody, a role named by a parameter.
        """
        alike, asked = StackFacts.of(self.key).grantees, (identity_of(principal), self.naming)
        known = alike.get(asked) or self._read.get(asked)
        if known is not None:
            return known[1]
        grantee = self.from_json(*said_of(principal), argument)
        if is_unchanging(principal):
            # A role may be named later, and which sources a condition may name depends on the key.
            for_this_key = grantee.far or grantee.conditions or not is_of_known_class(principal)
            # Holding the principal keeps its identity its own.
            (self._read if for_this_key else alike)[asked] = (principal, grantee)
        return grantee

    def from_json(
        self,
        principals: Mapping[str, Any],
        conditions: Mapping[str, Any] | None,
        argument: str = "grantee",
        effect: Effect = "Allow",
    ) -> Grantee:
        """Return how the key policy names the principals of a statement or a policy fragment.

        Args:
            principals: Kind of principal to one or more values.
            conditions: As a policy document writes them.
            argument: What a refusal calls them.
            effect: Whether they are allowed or denied something.

        Raises:
            ConfigurationError: If KMS cannot name one of them, or a Deny would have to be written more narrowly.
        """
        callers: list[Principal] = []
        far: dict[Principal, IConstruct] = {}
        for kind, values in principals.items():
            if kind == "LiteralString":
                kind_read = "AWS"
            elif kind in _KINDS:
                kind_read = kind
            else:
                raise ConfigurationError(f"{self._where} {argument} must be one of {_KINDS}, got {kind} {values}")
            for value in [values] if isinstance(values, str) else values:
                caller, target = self._caller(argument, cast("_Kind", kind_read), value)
                callers.append(caller)
                if target is not None:
                    far[caller] = target
        read = localised(self.key, conditions or {}, text=self.text, unnamed=self.unnamed, effect=effect)
        people = self._people(callers, read, effect)
        elsewhere = [each for each in people if each.principal not in far and self._asks_others(each.principal)]
        return Grantee(people, read, tuple(far.values()), tuple(elsewhere))

    def _people(self, callers: list[Principal], conditions: Conditions, effect: Effect) -> tuple[Person, ...]:
        if not conditions or effect == "Deny":
            return tuple(Person(caller, conditions) for caller in callers)
        here = {
            operator: {
                name: tuple(map(self._here, values)) if name.lower() in OF_CALLERS else values
                for name, values in keys.items()
            }
            for operator, keys in conditions.items()
        }
        return people_meant(callers, here, account=self._account)

    def _asks_others(self, principal: Principal) -> bool:
        if principal.named:
            return True
        if principal.kind != "AWS" or principal.value.startswith("${"):  # of this stack
            return False
        return principal.value == "*" or arn_parts(principal.value)[4] != arn_parts(self._account)[4]

    @cached_property
    def _account(self) -> str:
        return own_account(StackFacts.of(self.key).stack, self.text)

    def _here(self, text: str) -> str:
        """Return a text with what the pseudo parameters mean in the key's stack, as other principals have it."""
        if "${AWS::" not in text:
            return text
        _, partition, _, _, account, _ = arn_parts(self._account)
        return text.replace("${AWS::Partition}", partition).replace("${AWS::AccountId}", account)

    @property
    def _where(self) -> str:
        return f"[{self.key.node.path}]"

    def _caller(self, argument: str, kind: "_Kind", value: str) -> tuple[Principal, IConstruct | None]:
        target = referenced_in(value) if kind == "AWS" else None
        if isinstance(target, iam.CfnGroup) or (":group/" in value and kind == "AWS"):
            raise ConfigurationError(
                f"{self._where} {argument} must be a role, a user or a service, got a group: KMS takes none"
            )
        if isinstance(target, (iam.CfnRole, iam.CfnUser)):
            return self._of_app(argument, value, target)
        if kind == "AWS" and value.isdigit():
            value = f"arn:{StackFacts.of(self.key).partition}:iam::{value}:root"
        value = self._here(self.text.text(value))  # raises for what means nothing here, such as a managed policy
        check_known(self.key, value, self.text, argument)
        if kind != "AWS" or value == "*":
            return Principal(kind, value), None
        return self._by_arn(argument, value), None

    def _by_arn(self, argument: str, value: str) -> Principal:
        if value.startswith("${"):  # of something in this stack
            if self.naming is Naming.BY_STACK:
                return Principal.by_arn(value)
            known = "known at synthesis to be named by name"
            raise ConfigurationError(f"{self._where} {argument} must have an ARN that is {known}, got {value}")
        if not _OF_CALLERS.fullmatch(value):
            raise ConfigurationError(
                f"{self._where} {argument} must be the ARN of a role, a user or an account, got {value!r}"
            )
        by_name = self.naming is Naming.BY_NAME and _ROLE_OR_USER.fullmatch(value)
        return Principal.by_name(value) if by_name else Principal.by_arn(value)

    def _of_app(
        self, argument: str, value: str, target: iam.CfnRole | iam.CfnUser
    ) -> tuple[Principal, IConstruct | None]:
        in_own_stack = StackFacts.of(target).path == StackFacts.of(self.key).path
        if in_own_stack and self.naming is Naming.BY_STACK:
            return Principal("AWS", self.text.text(value)), None
        self._refuse_vaguer(argument, target)
        caller = Principal.by_name(self.text.text(named_arn(target, self.unnamed, self.key)))
        if self.naming is Naming.BY_STACK:
            NameNotes.of(self.key).note(target.node.path.removesuffix("/Resource"), caller.named)
        return caller, target

    def _refuse_vaguer(self, argument: str, target: iam.CfnRole | iam.CfnUser) -> None:
        # A role whose account or Region is unknown where the key's is known: the names would not meet.
        mine, theirs = StackFacts.of(self.key), StackFacts.of(target)
        for what, here, there in (
            ("account", mine.account, theirs.account),
            ("region", mine.region, theirs.region),
        ):
            if tokens_in(there) and not tokens_in(here):
                raise ConfigurationError(
                    f"{self._where} {argument} must be in a stack with a known {what} like the key's, "
                    f"got {target.node.path} in the environment-agnostic stack {theirs.path}"
                )
