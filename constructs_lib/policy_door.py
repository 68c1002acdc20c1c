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

_KEY_TYPE = "AWS::KMS::Key"  # as text: asking the CDK for it costs a round trip at import
_DOOR = "_cdk_key_management_door"


def open_door(stack: cdk.Stack, key: kms.IKey) -> None:
    """Lead grants on a construct's own L1 key to the construct."""
    door: _Door | None = getattr(stack, _DOOR, None)
    if door is None:
        door = _Door()
        setattr(stack, _DOOR, door)
        iam.ResourceWithPolicies.register(stack, _KEY_TYPE, door)
    door.keys.append(key)


@jsii.implements(iam.IResourcePolicyFactory)
class _Door:
    def __init__(self) -> None:
        self.keys: list[kms.IKey] = []

    def for_resource(self, resource: cdk.CfnResource) -> iam.IResourceWithPolicyV2:
        scope = resource.node.scope
        path = scope.node.path if scope is not None else None
        for key in self.keys:
            if key.node.path == path:
                return cast("iam.IResourceWithPolicyV2", _Owner(key))
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
