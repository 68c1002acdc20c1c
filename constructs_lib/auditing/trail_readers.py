"""Readers of a trail: who reads its log files, and decrypts nothing else under the key."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib.actions import CURRENT_OBJECTS, LIST_OBJECTS
from constructs_lib.at_synthesis import at_synthesis
from constructs_lib.auditing.answered_findings import READ_BELOW_PREFIX
from constructs_lib.auditing.log_prefix import LOGS
from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.cdk_principals import principal_of, said_of
from constructs_lib.naming.token_text import TokenText
from constructs_lib.service_access.cloudtrail import read_logs
from constructs_lib.wiring.findings import answer, as_found
from constructs_lib.wiring.given_resources import spoken
from constructs_lib.wiring.transport_keys import TakesUses

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3
    from constructs import Construct

    from constructs_lib.principals import Conditions


class _HasPolicy(Protocol):
    def add_to_resource_policy(self, statement: iam.PolicyStatement) -> iam.AddToResourcePolicyResult: ...


@dataclass(frozen=True)
class _Asked:
    """What a reader must be allowed, in IAM or by the policy of the bucket or the key."""

    actions: Sequence[str]
    resource: str
    conditions: Mapping[str, Any]

    def statement(self, *principals: iam.IPrincipal) -> iam.PolicyStatement:
        """Return it for an IAM policy, or with principals for another one."""
        return iam.PolicyStatement(
            actions=list(self.actions),
            resources=[self.resource],
            conditions=self.conditions or None,
            principals=list(principals) or None,
        )


def check_readers(readers: Sequence[iam.IGrantable]) -> tuple[iam.IPrincipal, ...]:
    """Return who reads, each of them somebody.

    Args:
        readers: Roles, users, other principals of AWS, or what has one.

    Raises:
        ConfigurationError: If one is nobody, anybody, a group, a service, or of another identity provider.
    """
    given: object = readers
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise ConfigurationError(f"readers must be a sequence of IAM principals, got {spoken(given)}")
    principals = tuple(principal_of(reader, "readers") for reader in readers)
    for principal in principals:
        if hasattr(principal, "group_arn"):
            raise ConfigurationError(
                "readers must be roles, users or accounts, which a key policy can name, got a group"
            )
        kinds, _ = said_of(principal)
        values = [(kind, each) for kind, said in kinds.items() for each in ([said] if isinstance(said, str) else said)]
        wrong = [
            "everybody" if value == "*" else f"a principal of the kind {kind}"
            for kind, value in values
            if kind != "AWS" or value == "*"
        ]
        if wrong or not values:
            raise ConfigurationError(
                "readers must be roles, users or accounts of AWS by name, got "
                f"{wrong[0] if wrong else 'a principal that names nobody'}"
            )
    return principals


def check_order(scope: "Construct", readers: Sequence[iam.IPrincipal], keys: Mapping[str, kms.IKey]) -> None:
    """Refuse readers of a stack that is deployed before the trail, whose policies would wait for its bucket.

    Args:
        scope: Where the trail is.
        readers: Who reads.
        keys: Argument to key of the trail.

    Raises:
        ConfigurationError: If a reader is of the stack of a key, and the trail is of another one.
    """
    here = cdk.Stack.of(scope)
    for argument, key in keys.items():
        stack = cdk.Stack.of(key)
        for reader in readers if stack != here else ():
            if isinstance(reader, (iam.Role, iam.User)) and cdk.Stack.of(reader) == stack:
                raise ConfigurationError(
                    "readers must be of the stack of the trail, or of one that is deployed after it, got "
                    f"{reader.node.path} of {stack.node.path}, for whose {argument} the trail waits"
                )


@dataclass(frozen=True, kw_only=True)
class TrailFiles:
    """The log files of a trail.

    Attributes:
        bucket: Where they are.
        prefix: What stands before `AWSLogs/` in their keys.
        encryption_key: Under which key they are encrypted.
    """

    bucket: "s3.IBucket"
    prefix: str
    encryption_key: kms.IKey

    def let_read(self, scope: "Construct", reader: iam.IPrincipal) -> None:
        """Let somebody list, read and decrypt log files, and nothing else of the bucket or under the key.

        Args:
            scope: In whose name is announced what somebody else must do.
            reader: Who reads.
        """
        folder = f"{self.prefix}{LOGS}*"
        objects = self.bucket.arn_for_objects(folder)
        below = {"StringLike": {"s3:prefix": folder}}
        _let(scope, reader, _Asked(CURRENT_OBJECTS, objects, {}), self.bucket)
        _let(scope, reader, _Asked(LIST_OBJECTS, self.bucket.bucket_arn, below), self.bucket)
        _answer_for(reader, objects)
        key, use = self.encryption_key, read_logs()
        if isinstance(key, kms.Alias):  # whose ARN allows nothing in IAM
            key = key.alias_target_key
        if isinstance(key, TakesUses):
            key.allow(use, reader)
            return
        (allowance,) = use.running
        decrypt = _Asked(allowance.actions, key.key_arn, _plain(allowance.conditions))
        _let(scope, reader, decrypt, key, in_policy="*")
        if not cdk.Resource.is_owned_resource(key):
            _announce_to_owner(scope, reader, key, replace(decrypt, resource="*"))


def _let(scope: "Construct", reader: iam.IPrincipal, asked: _Asked, holder: _HasPolicy, *, in_policy: str = "") -> None:
    """Write a permission into IAM or, for whom no IAM policy can be written here, beside the bucket or the key.

    The CDK's own grants would leave out the conditions in the second case, and where only the deployment knows the
    account they would let in the role of that name of this one.
    """
    own = reader.principal_account == cdk.Stack.of(scope).account
    if own and reader.add_to_principal_policy(asked.statement()).statement_added:
        return
    holder.add_to_resource_policy(replace(asked, resource=in_policy or asked.resource).statement(reader))
    _announce(scope, reader, asked)


def _plain(conditions: "Conditions") -> dict[str, Any]:
    return {
        operator: {name: values[0] if len(values) == 1 else list(values) for name, values in keys.items()}
        for operator, keys in conditions.items()
    }


def _announce(scope: "Construct", reader: iam.IPrincipal, asked: _Asked) -> None:
    """Tell what IAM must allow a reader whose policies are not written here."""

    def announce() -> list[str]:
        text = TokenText(cdk.Stack.of(scope))
        said = text.text(json.dumps(asked.statement().to_statement_json()))
        cdk.Annotations.of(scope).add_info_v2(
            f"cdk-key-management:reader-elsewhere-{asked.actions[0].replace(':', '-')}",
            f"readers: the account of {text.text(_named(reader))} must allow this in IAM, too: {said}",
        )
        return []

    at_synthesis(scope, announce)


def _announce_to_owner(scope: "Construct", reader: iam.IPrincipal, key: kms.IKey, asked: _Asked) -> None:
    def announce() -> list[str]:
        text = TokenText(cdk.Stack.of(scope))
        said = text.text(json.dumps(asked.statement(reader).to_statement_json()))
        cdk.Annotations.of(scope).add_warning_v2(
            "cdk-key-management:reader-not-admitted",
            f"the policy of {key.node.path} cannot be written from here; unless it leaves this to IAM, its owner must "
            f"add this statement, or {text.text(_named(reader))} decrypts nothing: {said}",
        )
        return []

    at_synthesis(scope, announce)


def _named(reader: iam.IPrincipal) -> str:
    said = said_of(reader)[0]["AWS"]
    return said if isinstance(said, str) else ", ".join(said)


def _answer_for(reader: iam.IPrincipal, objects: str) -> None:
    policy = reader.node.try_find_child("DefaultPolicy") if isinstance(reader, (iam.Role, iam.User)) else None
    if policy is None:
        return

    def acknowledge() -> list[str]:  # what the bucket is called in another stack is settled at synthesis
        found = as_found(cdk.Stack.of(policy).resolve(objects))
        answer(policy, {f"AwsSolutions-IAM5[Resource::{found}]": READ_BELOW_PREFIX})
        return []

    at_synthesis(policy, acknowledge)
