"""How does an app of one Region get the certificate in us-east-1 that CloudFront wants?"""

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_route53 as route53

from constructs_lib import ManagedCertificate, SecureDistribution, Target, dns_validation

ACCOUNT = "111122223333"


def define(app: cdk.App) -> None:
    """Define a certificate in a stack of us-east-1, and in one of Frankfurt the distribution that serves it.

    Frankfurt reads the ARN when it is deployed, after us-east-1, so deploy both when the certificate's names change.
    """
    virginia, frankfurt = (
        cdk.Stack(app, name, env=cdk.Environment(account=ACCOUNT, region=region))
        for name, region in (("SiteCertificate", "us-east-1"), ("Site", "eu-central-1"))
    )
    certificate = ManagedCertificate(
        virginia,
        "Certificate",
        domain_name="www.example.com",
        alternative_names=["example.com"],
        validation=dns_validation(zone_of(virginia)),
        targets=[Target.CLOUDFRONT],
    )
    SecureDistribution(
        frankfurt,
        "Site",
        certificate=certificate,
        domain_names=["www.example.com", "example.com"],
        default_behavior=cloudfront.BehaviorOptions(origin=origins.HttpOrigin("origin.example.com")),
        hosted_zone=zone_of(frankfurt),
    )


def zone_of(stack: cdk.Stack) -> route53.IPublicHostedZone:
    """Give the zone to a stack: zones are of no Region."""
    return route53.PublicHostedZone.from_public_hosted_zone_attributes(
        stack, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
    )


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
