"""What a resource will be called, for key policies that must not refer to it.

A key that named by reference what is encrypted under it would wait for it, and it for the key. So a policy says the
name that the resource was given, or the form of the name that CloudFormation will make.
"""

from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3

from constructs_lib.execution_policy.template_arns import generated_name
from constructs_lib.service_access.resource_names import BUCKET

if TYPE_CHECKING:
    from constructs import IConstruct

_NESTED_NAME_KEPT = 50
_LONGEST_STACK_NAME = 128
_RANDOM = len("-" + "1A2B3C4D5E6F" + "-")


def expected_name(resource: "IConstruct", *, given: str | None, longest: int) -> str:
    """Return the name that a resource was given, or the pattern of the one that it will get.

    Args:
        resource: An L2 construct of this app.
        given: The property of its L1 that holds its name.
        longest: How many characters such a name has at most.
    """
    stack = cdk.Stack.of(resource)
    if given is not None and stack.resolve(given) is not None:  # a name may be a token that means no name
        return given
    return generated_pattern(cast("cdk.CfnElement", resource.node.default_child), longest=longest)


def expected_bucket_name(bucket: "s3.IBucket") -> str:
    """Return the name of a bucket, or the pattern of the one that it will get: CloudFormation writes it in lower case.

    Args:
        bucket: Of this app or imported.
    """
    resource = bucket.node.default_child
    if not isinstance(resource, s3.CfnBucket):
        return bucket.bucket_name
    name = expected_name(bucket, given=resource.bucket_name, longest=BUCKET.longest)
    return name if resource.bucket_name == name else name.lower()


def generated_pattern(resource: cdk.CfnElement, *, longest: int) -> str:
    """Return the name that CloudFormation will choose, with `*` for what it draws by lot or cuts.

    It is `<stack name>-<logical id>-<random>`. The name of a nested stack begins with that of the outermost one, cut
    where it is long.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html

    Args:
        resource: The L1 construct.
        longest: How many characters such a name has at most.
    """
    stack = cdk.Stack.of(resource)
    logical_id = stack.get_logical_id(resource)
    if stack.nested_stack_parent is None:
        return generated_name(stack.stack_name, logical_id, longest)
    outermost = stack
    while outermost.nested_stack_parent is not None:
        outermost = outermost.nested_stack_parent
    name = f"{outermost.stack_name[:_NESTED_NAME_KEPT]}*"
    is_never_cut = _LONGEST_STACK_NAME + len(logical_id) + _RANDOM <= longest
    return f"{name}-{logical_id}-*" if is_never_cut else name
