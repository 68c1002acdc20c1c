"""How much of a function's permissions IAM takes in the inline policies of its role."""

import json
from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.token_text import TokenText
from constructs_lib.policy_size import longest_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_iam as iam

MOST_INLINE = 10_240
"""Characters of all inline policies of a role together, without white space. Nobody can have it raised.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""
OF_EVERY_FUNCTION = 1_000
"""Kept for what lets each function write its log, whose ARN may have 600 characters, and send traces."""


def check_inline_size(policies: "Sequence[iam.Policy]") -> None:
    """Refuse names and zones whose permissions IAM does not take, which is known only when they are deployed.

    Args:
        policies: What a function's role has beside log and traces.

    Raises:
        ConfigurationError: If they may become longer together than a role's inline policies.
    """
    size = sum(_size(each) for each in policies)
    most = MOST_INLINE - OF_EVERY_FUNCTION
    if size > most:
        raise ConfigurationError(
            "alternative_names must be so few and short that IAM takes the permissions of the function that requests "
            f"the certificate, at most {most} characters, got {size}: use several certificates"
        )


def _size(policy: "iam.Policy") -> int:
    said = json.dumps(policy.document.to_json(), separators=(",", ":"))
    return longest_size(TokenText(cdk.Stack.of(policy)).text(said))
