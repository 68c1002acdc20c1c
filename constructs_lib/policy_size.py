"""How large the text of a policy becomes, as far as it is known before the deployment. No jsii."""

import re

MAX_POLICY_BYTES = 32_768
"""https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html#key-policy-limit"""

# The longest that a placeholder can become: the partition is aws-us-gov, the Region ap-southeast-1 or longer by
# one, an account twelve digits; anything else is the ARN of a role with a name of 64 characters.
_WIDTHS = {"${AWS::Partition}": 10, "${AWS::AccountId}": 12, "${AWS::Region}": 15, "${AWS::URLSuffix}": 16}
_WIDTH_OF_AN_ARN = 120
_PLACEHOLDER = re.compile(r"\$\{[^}]*\}")


def longest_size(text: str) -> int:
    """Return the bytes of a text as KMS receives it, each placeholder counted as the longest it can become.

    Examples:
        >>> longest_size("${AWS::AccountId}")
        12
    """
    return len(_PLACEHOLDER.sub(lambda found: "x" * _WIDTHS.get(found[0], _WIDTH_OF_AN_ARN), text).encode())


def names_resources(text: str) -> bool:
    """Whether a text refers to something in a stack, rather than to accounts, names and services alone.

    Examples:
        >>> names_resources("${AWS::AccountId}"), names_resources("${Orders/Reader/Resource.Arn}")
        (False, True)
    """
    return any(found not in _WIDTHS for found in _PLACEHOLDER.findall(text))
