"""The tag that every certificate of this library carries, by which a function knows the one that is its own."""

from typing import TYPE_CHECKING

import aws_cdk as cdk

if TYPE_CHECKING:
    from constructs import IConstruct

TAG = "cdk-key-management:certificate"
"""Its key."""

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

    IAM has no condition that tells tagging at a request from tagging later. So a certificate of another construct of
    this library is left out by its own tag, which a new certificate has not yet. A certificate that this library did
    not make carries no such tag, and is not left out; nor is it by those of CloudFormation, which gives certificates
    none: https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2058

    Args:
        tag_value: Its value.
    """
    return {
        "StringEquals": {f"aws:RequestTag/{TAG}": tag_value},
        "ForAllValues:StringEquals": {"aws:TagKeys": [TAG]},
        "StringEqualsIfExists": {f"aws:ResourceTag/{TAG}": tag_value},
    }


def only_own(tag_value: str) -> dict[str, dict[str, object]]:
    """Return the conditions that hold for its certificate alone.

    Args:
        tag_value: Its value.
    """
    return {"StringEquals": {f"aws:ResourceTag/{TAG}": tag_value}}
