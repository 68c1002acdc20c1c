"""The metric of the days until a certificate expires."""

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

if TYPE_CHECKING:
    from constructs import IConstruct


def days_to_expiry(scope: "IConstruct", certificate_arn: str, options: dict[str, Any]) -> cloudwatch.Metric:
    """Return the metric, in the account and Region of the certificate. ACM writes it twice a day.

    https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html

    Args:
        scope: The certificate.
        certificate_arn: Its ARN.
        options: As of every metric of the CDK; untold, it is the minimum of a day.
    """
    given: dict[str, Any] = {"period": cdk.Duration.days(1), "statistic": "Minimum", **options}
    metric = cloudwatch.Metric(
        namespace="AWS/CertificateManager",
        metric_name="DaysToExpiry",
        dimensions_map={"CertificateArn": certificate_arn},
        **given,
    )
    return metric.attach_to(scope)
