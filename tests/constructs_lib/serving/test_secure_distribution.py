"""SecureDistribution: what is told otherwise than by default, and what is refused."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront

from constructs_lib import ConfigurationError
from constructs_lib.serving.secure_distribution import SecureDistribution
from constructs_lib.serving.strict_transport import StrictTransport
from constructs_lib.serving.tls_policy import MinimumTls
from tests.support.served_app import EDGE, ELSEWHERE_ARN, HOME, StandIn, behavior, new_app, new_stack, zone_of


def told(stack: cdk.Stack, **changed: Any) -> dict[str, Any]:
    return {
        "certificate": StandIn(stack, "Certificate", "www.example.com"),
        "domain_names": ["www.example.com"],
        "default_behavior": behavior(),
        **changed,
    }


def test_speaks_tls_1_3_alone_and_over_ipv4_alone_if_told_so() -> None:
    app = new_app()
    stack = new_stack(app, region=EDGE)
    SecureDistribution(
        stack,
        "Site",
        **told(stack, minimum_tls=MinimumTls.TLS_1_3, strict_transport=StrictTransport.NOT_SENT),
        hosted_zone=zone_of(stack),
        enable_ipv6=False,
        comment="own",
    )
    resources = app.synth().get_stack_by_name("Shop").template["Resources"].values()
    by_type = {each["Type"]: each["Properties"] for each in resources}
    config = by_type["AWS::CloudFront::Distribution"]["DistributionConfig"]

    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.3_2025"
    assert (config["Comment"], config["IPV6Enabled"]) == ("own", False)
    assert "ResponseHeadersPolicyId" not in config["DefaultCacheBehavior"]
    assert [each["Properties"]["Type"] for each in resources if each["Type"] == "AWS::Route53::RecordSet"] == ["A"]


def test_takes_an_imported_certificate_of_us_east_1_from_anywhere() -> None:
    stack = new_stack()
    given = acm.Certificate.from_certificate_arn(stack, "Given", ELSEWHERE_ARN)
    made = SecureDistribution(stack, "Site", **told(stack, certificate=given))

    assert isinstance(made.distribution, cloudfront.Distribution)


def test_refuses_a_certificate_of_another_region() -> None:
    stack = new_stack(region=HOME)

    with pytest.raises(ConfigurationError, match=r"certificate must be in us-east-1, .* Shop/Certificate in eu-cent"):
        SecureDistribution(stack, "Site", **told(stack))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"domain_names": ["example.com"]}, "domain names must be names of the certificate, www.example.com, got"),
        (
            {
                "additional_behaviors": {
                    "/a": behavior(viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.ALLOW_ALL)
                }
            },
            r"additional_behaviors\['/a'\] must have the viewer protocol policy .*, got ALLOW_ALL",
        ),
        ({"minimum_protocol_version": "SSLv3"}, "settings must be of comment, .*, got minimum_protocol_version"),
        ({"strict_transport": 1}, "strict_transport must be a StrictTransport of constructs_lib, got 1"),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) else "",
)
def test_refuses_what_does_not_fit(changed: dict[str, Any], said: str) -> None:
    stack = new_stack(region=EDGE)

    with pytest.raises(ConfigurationError, match=said):
        SecureDistribution(stack, "Site", **told(stack, **changed))
