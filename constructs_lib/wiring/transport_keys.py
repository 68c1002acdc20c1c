"""Keys under which buckets, queues, streams and logs are encrypted: who may use them, of whatever make the key is.

A key of this library takes a use of the catalogue as it is. The policy of a key of the CDK leaves it to IAM who of its
account uses it, so the caller's own policy gets the conditions; that of an imported key its owner must write.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib.naming.service_principals import ServicePrincipals
from constructs_lib.naming.token_text import TokenText

if TYPE_CHECKING:
    from constructs import Construct

    from constructs_lib.service_access.service_use import ServiceUse


@runtime_checkable
class TakesUses(Protocol):
    """A key of this library."""

    def allow(self, use: "ServiceUse", *callers: iam.IGrantable) -> None:
        """Allow what one use of the key needs."""


def let_call(role: iam.Role, key: kms.IKey | None, use: "ServiceUse") -> None:
    """Let a role use a key through an AWS service, under every condition that the service sends.

    Args:
        role: The role.
        key: The key under which something is encrypted, or None if that is one of AWS.
        use: A use of the catalogue that takes callers.
    """
    if key is None:
        return
    if isinstance(key, kms.Alias):
        key = key.alias_target_key
    if isinstance(key, TakesUses):
        key.allow(use, role)
        return
    stack = cdk.Stack.of(role)
    here = ServicePrincipals(stack, TokenText(stack))
    for allowance in use.running:
        conditions = here.calling(role, allowance).policy_fragment.conditions
        role.add_to_policy(
            iam.PolicyStatement(actions=list(allowance.actions), resources=[key.key_arn], conditions=conditions)
        )


def let_service(scope: "Construct", key: kms.IKey, use: "ServiceUse", *, argument: str, otherwise: str) -> None:
    """Let an AWS service use a key for itself, or announce what its owner must add.

    Args:
        scope: The construct that needs it.
        key: The key.
        use: A use of the catalogue for a service.
        argument: What the construct calls the key.
        otherwise: What happens without it.
    """
    stack = cdk.Stack.of(scope)
    places = {
        "${AWS::Partition}": stack.partition,
        "${AWS::Region}": stack.region,
        "${AWS::AccountId}": stack.account,
        "${AWS::URLSuffix}": stack.url_suffix,
    }
    for statement in use.statements():
        rendered = _placed(statement.render(), places)
        added = key.add_to_resource_policy(iam.PolicyStatement.from_json(rendered))
        if not added.statement_added and not isinstance(key, TakesUses):  # which tells its owner itself
            cdk.Annotations.of(scope).add_warning_v2(
                f"cdk-key-management:{argument.replace('_', '-')}-not-admitting",
                f"the policy of {argument} cannot be written from here; its owner must add this statement, or "
                f"{otherwise}: {json.dumps(statement.render())}",
            )


def _placed(value: Any, places: Mapping[str, str]) -> Any:  # noqa: ANN401  # any JSON value
    if isinstance(value, str):
        for placeholder, text in places.items():
            value = value.replace(placeholder, text)
        return value
    if isinstance(value, dict):
        return {name: _placed(item, places) for name, item in value.items()}
    return [_placed(item, places) for item in value]
