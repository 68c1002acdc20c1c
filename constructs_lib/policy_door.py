"""The door by which grants made on the L1 key come in too.

`BucketGrants.from_bucket(CfnBucket)` and its kin find the `CfnKey` behind a bucket, a topic or a queue and would write
into its policy behind our back. The CDK asks a registered factory how to write into a resource's policy; this one leads
to the construct that owns the key, and leaves every other key in the stack as it was.

Behind a resource the CDK looks for keys only, not for replicas, and grants nothing where it finds none. So in the stack
of a replica it is asked for the resources that are encrypted, too.
"""

from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib.naming.token_text import referenced_in, tokens_in

if TYPE_CHECKING:
    from constructs import IConstruct

_DOORS = "_cdk_key_management_doors"
_REPLICA = "AWS::KMS::ReplicaKey"

# Whose grants the CDK extends to their key, and where their L1 says which key that is.
_ENCRYPTED = {
    "AWS::DynamoDB::Table": "sse_specification",
    "AWS::S3::Bucket": "bucket_encryption",
    "AWS::SNS::Topic": "kms_master_key_id",
    "AWS::SQS::Queue": "kms_master_key_id",
}


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
        for encrypted in _ENCRYPTED if cfn_type == _REPLICA else ():
            iam.EncryptedResources.register(stack, encrypted, _SideDoor(encrypted, doors[cfn_type].keys))
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


@jsii.implements(iam.IEncryptedResourceFactory)
class _SideDoor:
    def __init__(self, cfn_type: str, keys: list[kms.IKey]) -> None:
        self._cfn_type, self._keys = cfn_type, keys

    def for_resource(self, resource: cdk.CfnResource) -> iam.IEncryptedResource:
        written = tokens_in(repr(getattr(resource, _ENCRYPTED[self._cfn_type])))
        named = [owner.node.path for owner in (_owner(token) for token in written) if owner is not None]
        for key in self._keys:
            if key.node.path in named:
                return cast("iam.IEncryptedResource", _EncryptedBy(resource, key))
        usual = cast("iam.IEncryptedResourceFactory", iam.DefaultEncryptedResourceFactories.get(self._cfn_type))
        return usual.for_resource(resource)


def _owner(token: str) -> "IConstruct | None":
    target = referenced_in(token)
    return None if target is None else target.node.scope


@jsii.implements(iam.IEncryptedResource)
class _EncryptedBy:
    """A resource under a replica."""

    def __init__(self, resource: cdk.CfnResource, key: kms.IKey) -> None:
        self._resource, self._key = resource, key

    @property
    def env(self) -> Any:  # noqa: ANN401  # jsii gives it as a struct of interfaces
        return self._resource.env

    def grant_on_key(self, grantee: iam.IGrantable, *actions: str) -> iam.GrantOnKeyResult:
        return iam.GrantOnKeyResult(grant=self._key.grant(grantee, *actions))
