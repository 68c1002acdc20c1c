import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch

from constructs_lib.certificates.expiry_metric import days_to_expiry

ARN = "arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555"


@pytest.fixture(scope="module")
def stacks() -> tuple[cdk.Stack, cdk.Stack]:
    app = cdk.App(analytics_reporting=False)
    return (
        cdk.Stack(app, "Edge", env=cdk.Environment(account="111122223333", region="us-east-1")),
        cdk.Stack(app, "Shop", env=cdk.Environment(account="111122223333", region="eu-central-1")),
    )


def test_it_is_acms_own_of_this_certificate_in_its_region(stacks: tuple[cdk.Stack, cdk.Stack]) -> None:
    metric = days_to_expiry(stacks[0], ARN, {})
    assert (metric.namespace, metric.metric_name) == ("AWS/CertificateManager", "DaysToExpiry")
    assert (metric.dimensions, metric.statistic, metric.region) == ({"CertificateArn": ARN}, "Minimum", "us-east-1")
    assert metric.period.to_hours() == cdk.Duration.days(1).to_hours()


def test_what_is_told_wins(stacks: tuple[cdk.Stack, cdk.Stack]) -> None:
    metric = days_to_expiry(stacks[0], ARN, {"statistic": "Maximum", "period": cdk.Duration.hours(12)})
    assert (metric.statistic, metric.period.to_hours()) == ("Maximum", 12)


def test_a_dashboard_elsewhere_looks_in_the_region_of_the_certificate(stacks: tuple[cdk.Stack, cdk.Stack]) -> None:
    edge, shop = stacks
    widget = cloudwatch.GraphWidget(left=[days_to_expiry(edge, ARN, {})])
    (shown,) = shop.resolve(widget.to_json())
    assert shown["properties"]["metrics"][0][-1]["region"] == "us-east-1"
