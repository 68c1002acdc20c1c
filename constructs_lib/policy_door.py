"""The doors by which grants made on L1s come in too.

`KeyGrants.from_key(CfnKey)` writes into the policy of an L1 key; `BucketGrants.from_bucket(CfnBucket)` and its kin into
that of the key behind a bucket, a topic, a queue or a table. That happens behind our back, with wildcards in IAM, and
for a replica not at all, since the CDK looks for keys only. It asks registered factories how to do either; these lead
to the construct that owns the key, and leave every other key as it was.
"""

from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib.naming.token_text import referenced_in, tokens_in

if TYPE_CHECKING:
    from constructs import IConstruct

_KEYS = "_cdk_key_management_keys"

# Whose grants the CDK extends to their key, and where their L1 says which key that is.
_ENCRYPTED = {
    "AWS::DynamoDB::Table": "sse_specification",
    "AWS::S3::Bucket": "bucket_encryption",
    "AWS::SNS::Topic": "kms_master_key_id",
    "AWS::SQS::Queue": "kms_master_key_id",
}


def open_door(root: "IConstruct", key: kms.IKey) -> None:
    """Lead grants on a construct's own L1 key, and on what is encrypted under it, to the construct.

    Args:
        root: Its app.
        key: The construct.
    """
    keys: _Keys | None = getattr(root, _KEYS, None)
    if keys is None:
        keys = _Keys()
        setattr(root, _KEYS, keys)
        for encrypted in _ENCRYPTED:
            iam.EncryptedResources.register(root, encrypted, _SideDoor(encrypted, keys))
        for known in ("AWS::KMS::Key", "AWS::KMS::ReplicaKey"):
            iam.ResourceWithPolicies.register(root, known, _Door(known, keys))
    keys.add(key)


class _Keys:
    """The keys of an app by construct path; asking for a path costs a round trip, so not before it is needed."""

    def __init__(self) -> None:
        self._new: list[kms.IKey] = []
        self._by_path: dict[str, kms.IKey] = {}

    def add(self, key: kms.IKey) -> None:
        self._new.append(key)

    def owner_of(self, resource: "IConstruct | None") -> "kms.IKey | None":
        """Return the key whose L1 a resource is, or None."""
        scope = resource.node.scope if resource is not None else None
        if scope is None:
            return None
        while self._new:
            key = self._new.pop()
            self._by_path[key.node.path] = key
        return self._by_path.get(scope.node.path)


@jsii.implements(iam.IResourcePolicyFactory)
class _Door:
    def __init__(self, cfn_type: str, keys: _Keys) -> None:
        self._cfn_type, self._keys = cfn_type, keys

    def for_resource(self, resource: cdk.CfnResource) -> iam.IResourceWithPolicyV2:
        key = self._keys.owner_of(resource)
        if key is not None:
            return cast("iam.IResourceWithPolicyV2", _Owner(key))
        usual = iam.DefaultPolicyFactories.get(self._cfn_type)
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
    def __init__(self, cfn_type: str, keys: _Keys) -> None:
        self._cfn_type, self._keys = cfn_type, keys

    def for_resource(self, resource: cdk.CfnResource) -> iam.IEncryptedResource:
        for token in tokens_in(repr(getattr(resource, _ENCRYPTED[self._cfn_type]))):
            key = self._keys.owner_of(referenced_in(token))
            if key is not None:
                return cast("iam.IEncryptedResource", _EncryptedBy(resource, key))
        usual = cast("iam.IEncryptedResourceFactory", iam.DefaultEncryptedResourceFactories.get(self._cfn_type))
        return usual.for_resource(resource)


@jsii.implements(iam.IEncryptedResource)
class _EncryptedBy:
    """A resource under one of our keys."""

    def __init__(self, resource: cdk.CfnResource, key: kms.IKey) -> None:
        self._resource, self._key = resource, key

    @property
    def env(self) -> Any:  # noqa: ANN401  # jsii gives it as a struct of interfaces
        return self._resource.env

    def grant_on_key(self, grantee: iam.IGrantable, *actions: str) -> iam.GrantOnKeyResult:
        return iam.GrantOnKeyResult(grant=self._key.grant(grantee, *actions))
