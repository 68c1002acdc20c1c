"""A resource is where the dashboard is, or nobody knows."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sqs as sqs

from constructs_lib import ConfigurationError
from constructs_lib.dashboards.same_place import check_same_place

HERE = cdk.Environment(account="111122223333", region="eu-west-1")


def _queue(stack: cdk.Stack, region: str, account: str) -> sqs.IQueue:
    return sqs.Queue.from_queue_arn(stack, f"{region}{account}", f"arn:aws:sqs:{region}:{account}:orders")


def test_the_same_place_and_an_unknown_one_are_taken() -> None:
    app = cdk.App(analytics_reporting=False)
    here, anywhere = cdk.Stack(app, "Here", env=HERE), cdk.Stack(app, "Anywhere")

    check_same_place(here, "queue", _queue(here, "eu-west-1", "111122223333"))
    check_same_place(here, "queue", sqs.Queue(anywhere, "Queue"))
    check_same_place(anywhere, "queue", _queue(anywhere, "us-east-1", "444455556666"))


@pytest.mark.parametrize(
    ("region", "account", "what"), [("us-east-1", "111122223333", "Region"), ("eu-west-1", "444455556666", "account")]
)
def test_refuses_another_place(region: str, account: str, what: str) -> None:
    here = cdk.Stack(cdk.App(analytics_reporting=False), "Here", env=HERE)

    with pytest.raises(ConfigurationError, match=f"^queue must be in .*, the {what} of the dashboard"):
        check_same_place(here, "queue", _queue(here, region, account))
