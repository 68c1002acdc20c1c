"""Grantees: how a key policy names whoever the CDK wants to give a permission to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import IConstruct

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.role_names import UnnamedRoles, named_arn
from constructs_lib.naming.source_conditions import localised
from constructs_lib.naming.token_text import TokenText, referenced_in, tokens_in
from constructs_lib.principals import Conditions, Effect, Principal

_Kind = Literal["AWS", "Service", "Federated"]
_KINDS = ("AWS", "Service", "Federated")
# Others take conditions or further principals later, and must be read anew.
_UNCHANGING = (iam.Role, iam.User, iam.ArnPrincipal, iam.ServicePrincipal)


@dataclass(frozen=True)
class Grantee:
    """Who is meant, as plain data and as the CDK has it.

    Attributes:
        callers: How the key policy names them.
        conditions: Under which conditions, from the principal itself.
        far: Roles and users of other stacks among them: for these IAM must allow the action too.
    """

    callers: tuple[Principal, ...]
    conditions: Conditions
    far: tuple[IConstruct, ...] = ()

    def is_only(self, account: str) -> bool:
        """Whether one account is meant, as a principal, and under no condition."""
        return not self.conditions and all(caller.value == account for caller in self.callers)


@dataclass
class Grantees:
    """Reads principals for the keys of one stack, each principal once.

    Attributes:
        key: The key in whose policy they will stand.
        text: Names for the tokens of its stack.
        unnamed: What to do with unnamed roles of other stacks.
    """

    key: cdk.Resource
    text: TokenText
    unnamed: UnnamedRoles
    _read: dict[int, tuple[iam.IPrincipal, Grantee]] = field(default_factory=dict)

    def read(self, principal: iam.IPrincipal, argument: str = "grantee") -> Grantee:
        """Return how the key policy names a principal.

        A role or user of the key's stack, or one given by its ARN, is named by identity; one of another stack by
        name. Nothing here makes a reference to another stack.

        Args:
            principal: Who is meant.
            argument: What a refusal calls it.

        Raises:
            ConfigurationError: If KMS cannot name it: a group, everybody, a role named by a parameter.
        """
        known = self._read.get(id(principal))
        if known is not None:
            return known[1]
        fragment = principal.policy_fragment
        grantee = self.from_json(fragment.principal_json, fragment.conditions, argument)
        if isinstance(principal, _UNCHANGING):
            self._read[id(principal)] = (principal, grantee)  # holding the principal keeps its id its own
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
        far: list[IConstruct] = []
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
                    far.append(target)
        return Grantee(tuple(callers), self._conditions(conditions or {}, effect), tuple(far))

    def _conditions(self, conditions: Mapping[str, Any], effect: Effect) -> Conditions:
        return localised(self.key, conditions, text=self.text, unnamed=self.unnamed, effect=effect)

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
            if cdk.Stack.of(target).node.path == cdk.Stack.of(self.key).node.path:
                return Principal(kind, self.text.text(value)), None
            self._refuse_vaguer(argument, target)
            return Principal.by_name(self.text.text(named_arn(target, self.unnamed))), target
        if target is None and tokens_in(value):
            value = self.text.text(value)  # raises for what means nothing here, such as a managed policy
        if kind == "AWS" and value.isdigit():
            value = f"arn:{cdk.Stack.of(self.key).partition}:iam::{value}:root"
        return Principal(kind, self.text.text(value)), None

    def _refuse_vaguer(self, argument: str, target: iam.CfnRole | iam.CfnUser) -> None:
        # A role whose account or Region is unknown where the key's is known: the names would not meet.
        mine, theirs = cdk.Stack.of(self.key), cdk.Stack.of(target)
        for what, here, there in (
            ("account", mine.account, theirs.account),
            ("region", mine.region, theirs.region),
        ):
            if tokens_in(there) and not tokens_in(here):
                raise ConfigurationError(
                    f"{self._where} {argument} must be in a stack with a known {what} like the key's, "
                    f"got {target.node.path} in the environment-agnostic stack {theirs.node.path}"
                )
