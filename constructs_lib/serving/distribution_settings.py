"""DistributionSettings: what a distribution may be told beside its certificate, its names and its behaviors."""

from collections.abc import Sequence
from typing import TypedDict

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_s3 as s3


class DistributionSettings(TypedDict, total=False):
    """What the CDK's `Distribution` takes by keyword, and does by default, as it says itself.

    https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.aws_cloudfront/Distribution.html
    """

    comment: str
    default_root_object: str
    enabled: bool
    enable_ipv6: bool
    enable_logging: bool
    error_responses: Sequence[cloudfront.ErrorResponse]
    geo_restriction: cloudfront.GeoRestriction
    http_version: cloudfront.HttpVersion
    log_bucket: s3.IBucket
    log_file_prefix: str
    log_includes_cookies: bool
    price_class: cloudfront.PriceClass
    publish_additional_metrics: bool
    web_acl_id: str
