"""The door by which grants made on the L1 key come in too.

`BucketGrants.from_bucket(CfnBucket)` and its kin find the `CfnKey` behind a bucket, a topic or a queue and would write
into its policy behind our back. The CDK asks a registered factory how to write into a resource's policy; this one leads
to the construct that owns the key, and leaves every other key in the stack as it was.
"""

from typing import Any, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

_KEY_TYPE = kms.CfnKey.CFN_RESOURCE_TYPE_NAME
_DOOR = "_cdk_key_management_door"


def open_door(key: kms.IKey) -> None:
    """Lead grants on a construct's own L1 key to the construct."""
    stack = cdk.Stack.of(key)
    door: _Door | None = getattr(stack, _DOOR, None)
    if door is None:
        door = _Door()
        setattr(stack, _DOOR, door)
        iam.ResourceWithPolicies.register(stack, _KEY_TYPE, door)
    door.owners[key.node.path] = key


@jsii.implements(iam.IResourcePolicyFactory)
class _Door:
    def __init__(self) -> None:
        self.owners: dict[str, kms.IKey] = {}

    def for_resource(self, resource: cdk.CfnResource) -> iam.IResourceWithPolicyV2:
        scope = resource.node.scope
        owner = self.owners.get(scope.node.path) if scope is not None else None
        if owner is not None:
            return cast("iam.IResourceWithPolicyV2", _Owner(owner))
        usual = cast("iam.IResourcePolicyFactory", iam.DefaultPolicyFactories.get(_KEY_TYPE))
        return usual.for_resource(resource)


@jsii.implements(iam.IResourceWithPolicyV2)
class _Owner:
    def __init__(self, key: kms.IKey) -> None:
        self._key = key

    @property
    def env(self) -> Any:  # noqa: ANN401  # jsii gives it as a struct of interfaces
        return self._key.env

    def add_to_resource_policy(self, statement: iam.PolicyStatement) -> iam.AddToResourcePolicyResult:
        return self._key.add_to_resource_policy(statement)
