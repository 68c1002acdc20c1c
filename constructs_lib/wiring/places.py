"""Places: whether things are known to be of different accounts or Regions before anything is deployed."""

from collections.abc import Mapping
from dataclasses import dataclass

import aws_cdk as cdk

IAM_REGIONS: Mapping[str, str] = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""By partition, in which Region IAM's calls are recorded and become events, and in no other.

Documented for `us-east-1`; the others are the Regions of IAM's only endpoint in these partitions. A trail of another
Region alone has not seen them since 2021.

https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html
https://repost.aws/knowledge-center/eventbridge-rule-triggers-iam-single-region
"""


@dataclass(frozen=True, slots=True)
class Distance:
    """What is known to be different of two places.

    Attributes:
        what: `account` or `Region`.
        here: The one of the stack.
        there: The other.
    """

    what: str
    here: str
    there: str


def are_apart(here: str, there: str) -> bool:
    """Whether two accounts, or Regions, are known to be different ones.

    Args:
        here: One, which may be a token.
        there: The other.

    Examples:
        >>> are_apart("us-east-1", "eu-west-1"), are_apart("us-east-1", cdk.Aws.REGION)
        (True, False)
    """
    return here != there and not cdk.Token.is_unresolved(here) and not cdk.Token.is_unresolved(there)


def distance(stack: cdk.Stack, *, account: str, region: str) -> Distance | None:
    """Return what is known to be different between a stack and where something else is: the account first.

    Args:
        stack: Here.
        account: The account there, which may be a token.
        region: The Region there, likewise.
    """
    for what, here, there in (("account", stack.account, account), ("Region", stack.region, region)):
        if are_apart(here, there):
            return Distance(what, here, there)
    return None


def distance_of(stack: cdk.Stack, resource: cdk.IResource) -> Distance | None:
    """Return what is known to be different between a stack and where a resource is: the account first.

    Args:
        stack: Here.
        resource: Something of this app, or imported.
    """
    return distance(stack, account=resource.env.account, region=resource.env.region)
