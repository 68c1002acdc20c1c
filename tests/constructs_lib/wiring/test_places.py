"""Places are apart only where that is known."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sqs as sqs

from constructs_lib.wiring.places import IAM_REGIONS, Distance, are_apart, distance, distance_of

ACCOUNT, REGION, OTHER_ACCOUNT, OTHER_REGION = "111122223333", "eu-west-1", "444455556666", "us-east-1"


@pytest.fixture(scope="module")
def here() -> cdk.Stack:
    app = cdk.App(analytics_reporting=False)
    return cdk.Stack(app, "Here", env=cdk.Environment(account=ACCOUNT, region=REGION))


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        (REGION, OTHER_REGION, True),
        (REGION, REGION, False),
        (cdk.Aws.REGION, OTHER_REGION, False),
        (REGION, cdk.Aws.REGION, False),
    ],
)
def test_only_what_is_known_is_apart(one: str, other: str, *, apart: bool) -> None:
    assert are_apart(one, other) is apart


@pytest.mark.parametrize(
    ("account", "region", "expected"),
    [
        (ACCOUNT, REGION, None),
        (cdk.Aws.ACCOUNT_ID, cdk.Aws.REGION, None),
        (ACCOUNT, OTHER_REGION, Distance("Region", REGION, OTHER_REGION)),
        (OTHER_ACCOUNT, OTHER_REGION, Distance("account", ACCOUNT, OTHER_ACCOUNT)),
    ],
)
def test_the_first_difference_is_said(here: cdk.Stack, account: str, region: str, expected: Distance | None) -> None:
    assert distance(here, account=account, region=region) == expected


def test_a_resource_is_where_its_arn_says(here: cdk.Stack) -> None:
    queue = sqs.Queue.from_queue_arn(here, "Queue", f"arn:aws:sqs:{OTHER_REGION}:{ACCOUNT}:orders")

    assert distance_of(here, queue) == Distance("Region", REGION, OTHER_REGION)


def test_each_partition_has_one_region_of_iam() -> None:
    assert set(IAM_REGIONS) == {"aws", "aws-cn", "aws-us-gov"}
    assert IAM_REGIONS["aws"] == OTHER_REGION
