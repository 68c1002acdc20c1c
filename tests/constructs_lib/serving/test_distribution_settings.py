"""What a distribution may be told: all that the CDK's takes, but what a secure one decides itself."""

import inspect

from aws_cdk import aws_cloudfront as cloudfront

from constructs_lib.serving.distribution_settings import DistributionSettings

DECIDED = {
    "self",
    "scope",
    "id",
    "certificate",
    "domain_names",
    "default_behavior",
    "additional_behaviors",
    "minimum_protocol_version",
    "ssl_support_method",
}


def test_everything_else_that_the_cdk_takes_may_be_told() -> None:
    taken = set(inspect.signature(cloudfront.Distribution.__init__).parameters)

    assert set(DistributionSettings.__annotations__) == taken - DECIDED
