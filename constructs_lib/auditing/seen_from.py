"""How IAM policies name the buckets and keys of a record: by reference beside it, by name alone in another stack.

A policy that stood beside the record and named a role of another stack would wait for that stack; one that stood there
and named the bucket by reference would wait for this one. Each is a circle as soon as anything else goes the other way:
an output, a bucket that is encrypted under a key of the record's stack, a watch over keys of the reader's. So a policy
in the reader's stack holds names and no reference, and neither stack waits for the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_kms as kms

from constructs_lib.wiring.expected_names import expected_bucket_name

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3
    from constructs import Construct, IConstruct

_OWNER = "aws:ResourceAccount"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a statement calls a bucket or a key.

    Attributes:
        arn: Its ARN, or a pattern of it.
        conditions: Which make the pattern mean nothing else.
    """

    arn: str
    conditions: Mapping[str, Any]

    def under(self, conditions: Mapping[str, Any]) -> dict[str, Any]:
        """Return further conditions with those of the pattern.

        Args:
            conditions: As a policy document writes them.

        Examples:
            >>> owned = {"StringEquals": {"aws:ResourceAccount": "111122223333"}}
            >>> Seen(arn="arn:aws:s3:::logs-*", conditions=owned).under({"StringEquals": {"s3:prefix": "a"}})
            {'StringEquals': {'s3:prefix': 'a', 'aws:ResourceAccount': '111122223333'}}
        """
        operators = dict.fromkeys((*conditions, *self.conditions))
        return {each: {**conditions.get(each, {}), **self.conditions.get(each, {})} for each in operators}


@dataclass(frozen=True, kw_only=True)
class SeenFrom:
    """The view of a policy.

    Attributes:
        record: The construct that owns the record.
        policy: The construct that owns the policy.
    """

    record: "Construct"
    policy: "Construct"

    def bucket(self, bucket: "s3.IBucket") -> Seen:
        """Return what the policy calls a bucket.

        Any account may have a bucket of such a name, so it must be of its own account as well.
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount

        Args:
            bucket: Of this app or imported.
        """
        if self._may_refer_to(bucket):
            return Seen(arn=bucket.bucket_arn, conditions={})
        stack = cdk.Stack.of(bucket)
        arn = f"arn:{stack.partition}:s3:::{expected_bucket_name(bucket)}"
        return Seen(arn=arn, conditions={"StringEquals": {_OWNER: stack.account}})

    def key(self, key: kms.IKey) -> Seen:
        """Return what the policy calls a key, whose id nobody knows before it is made: an alias of it must do.

        Without one it is every key of the Region and account, which is as narrow as Security Hub asks for at least.
        What a reader does with it is narrowed beside that, to log files of trails and to objects of the bucket.
        https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
        https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html#kms-1

        Args:
            key: Of this app or imported.
        """
        if self._may_refer_to(key):
            return Seen(arn=key.key_arn, conditions={})
        stack = cdk.Stack.of(key)
        arn = f"arn:{stack.partition}:kms:{stack.region}:{stack.account}:key/*"
        made = [each.alias_name for each in key.node.find_all() if isinstance(each, kms.CfnAlias)]
        literal = [each for each in made if not cdk.Token.is_unresolved(each)]
        bound = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": literal[0]}} if literal else {}
        return Seen(arn=arn, conditions=bound)

    def _may_refer_to(self, resource: cdk.IResource) -> bool:
        is_beside = are_in_one_stack(self.policy, self.record) or are_in_one_stack(self.policy, resource)
        return is_beside or not cdk.Resource.is_owned_resource(resource)


def are_in_one_stack(one: "IConstruct", other: "IConstruct") -> bool:
    """Whether two constructs are in one stack. A nested one is another.

    Args:
        one: A construct.
        other: Another.
    """
    return cdk.Stack.of(one).node.path == cdk.Stack.of(other).node.path
