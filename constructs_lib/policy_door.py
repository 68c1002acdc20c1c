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

_DOORS = "_cdk_key_management_doors"


def open_door(stack: cdk.Stack, key: kms.IKey, cfn_type: str) -> None:
    """Lead grants on a construct's own L1 key to the construct.

    Args:
        stack: Where the key is.
        key: The construct.
        cfn_type: The type of its L1 key, as text: asking the CDK for it costs a round trip.
    """
    doors: dict[str, _Door] | None = getattr(stack, _DOORS, None)
    if doors is None:
        doors = {}
        setattr(stack, _DOORS, doors)
    if cfn_type not in doors:
        doors[cfn_type] = _Door(cfn_type)
        iam.ResourceWithPolicies.register(stack, cfn_type, doors[cfn_type])
    doors[cfn_type].keys.append(key)


@jsii.implements(iam.IResourcePolicyFactory)
class _Door:
    def __init__(self, cfn_type: str) -> None:
        self.keys: list[kms.IKey] = []
        self._cfn_type = cfn_type

    def for_resource(self, resource: cdk.CfnResource) -> iam.IResourceWithPolicyV2:
        scope = resource.node.scope
        path = scope.node.path if scope is not None else None
        for key in self.keys:
            if key.node.path == path:
                return cast("iam.IResourceWithPolicyV2", _Owner(key))
        usual = cast("iam.IResourcePolicyFactory | None", iam.DefaultPolicyFactories.get(self._cfn_type))
        return cast("iam.IResourceWithPolicyV2", _Closed(resource)) if usual is None else usual.for_resource(resource)


@jsii.implements(iam.IResourceWithPolicyV2)
class _Owner:
    def __init__(self, key: kms.IKey) -> None:
        self._key = key

    @property
    def env(self) -> Any:  # noqa: ANN401  # jsii gives it as a struct of interfaces
        return self._key.env

    def add_to_resource_policy(self, statement: iam.PolicyStatement) -> iam.AddToResourcePolicyResult:
        return self._key.add_to_resource_policy(statement)


@jsii.implements(iam.IResourceWithPolicyV2)
class _Closed:
    """Somebody else's resource of a type into whose policy the CDK cannot write."""

    def __init__(self, resource: cdk.CfnResource) -> None:
        self._resource = resource

    @property
    def env(self) -> Any:  # noqa: ANN401  # jsii gives it as a struct of interfaces
        return self._resource.env

    def add_to_resource_policy(self, statement: iam.PolicyStatement) -> iam.AddToResourcePolicyResult:  # noqa: ARG002
        return iam.AddToResourcePolicyResult(statement_added=False)
