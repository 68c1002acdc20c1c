"""The tag by which a function of this library knows the certificate that is its own."""

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
