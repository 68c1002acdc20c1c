"""The tag by which a function of this library knows the certificate that is its own."""

from typing import TYPE_CHECKING

import aws_cdk as cdk

if TYPE_CHECKING:
    from constructs import IConstruct

TAG = "cdk-key-management:certificate"
"""Its key."""

# CloudFormation tags what it makes.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
_MADE_BY_CLOUDFORMATION = "aws:ResourceTag/aws:cloudformation:stack-id"
# With a slash and the longest name of a stack it fits into the 256 characters that a value may have.
# https://docs.aws.amazon.com/acm/latest/userguide/tags-restrictions.html
_LONGEST_ID = 120


def own_tag_value(certificate: "IConstruct") -> str:
    """Return its value, which no other certificate of the account and Region has.

    Args:
        certificate: The construct of the certificate, in a stack whose name nobody else has.
    """
    return (
        f"{cdk.Stack.of(certificate).stack_name}/{cdk.Names.unique_resource_name(certificate, max_length=_LONGEST_ID)}"
    )


def only_new_as_own(tag_value: str) -> dict[str, dict[str, object]]:
    """Return the conditions under which a certificate may be made, or tagged, as its own.

    IAM has no condition that tells tagging at a request from tagging later. So what another construct of this library
    has tagged, or CloudFormation has made, is left out by its own tags, which a new certificate has not yet.

    Args:
        tag_value: Its value.
    """
    return {
        "StringEquals": {f"aws:RequestTag/{TAG}": tag_value},
        "ForAllValues:StringEquals": {"aws:TagKeys": [TAG]},
        "StringEqualsIfExists": {f"aws:ResourceTag/{TAG}": tag_value},
        "Null": {_MADE_BY_CLOUDFORMATION: "true"},
    }


def only_own(tag_value: str) -> dict[str, dict[str, object]]:
    """Return the conditions that hold for its certificate alone.

    Args:
        tag_value: Its value.
    """
    return {"StringEquals": {f"aws:ResourceTag/{TAG}": tag_value}}
