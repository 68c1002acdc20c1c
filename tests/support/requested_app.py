"""An app with public certificates of every way of validation by DNS, in two Regions and with another account."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_route53 as route53
from aws_cdk import cx_api

from constructs_lib.certificate_zone_role import CertificateZoneRole
from constructs_lib.certificates.caa_records import CaaRecords
from constructs_lib.certificates.requester import Requester
from constructs_lib.certificates.validation import DelegatedZone, dns_validation, outside_dns
from constructs_lib.encryption_key import EncryptionKey
from constructs_lib.key_settings import Lifecycle
from constructs_lib.managed_certificate import ManagedCertificate
from constructs_lib.wiring.certificate_targets import Target
from tests.conftest import FLAGS

HERE, EDGE = "eu-central-1", "us-east-1"
SHOP, FAR, OUTSIDE = "shop.example.com", "shop.example.org", "shop.example.net"
ZONE_ROLE = "certificates-of-shop"


@dataclass(frozen=True)
class DnsAccount:
    """An account that has the zone of example.org."""

    account: str
    hosted_zone_id: str


def app_in(folder: Path) -> cdk.App:
    """Make an app as the tests configure it, bundled."""
    return cdk.App(
        outdir=str(folder),
        analytics_reporting=False,
        tree_metadata=False,
        context={**FLAGS, "@aws-cdk/core:validationReportPrettyPrint": False},
        builtin_cloud_formation_validation=False,
    )


def requested_app(folder: Path, *, account: str, dns: DnsAccount) -> tuple[cx_api.CloudAssembly, Requester]:
    """Synthesise everything of the account that needs certificates.

    Args:
        folder: An empty one.
        account: The account.
        dns: The other one.

    Returns:
        The assembly, and whom the other account has to trust.
    """
    app = app_in(folder)
    names, far, outside, gate, site = (
        cdk.Stack(app, name, env=cdk.Environment(account=account, region=HERE))
        for name in ("Names", "Far", "Outside", "Gate", "Site")
    )
    edge = cdk.Stack(app, "Edge", env=cdk.Environment(account=account, region=EDGE))
    zone = route53.PublicHostedZone(names, "Zone", zone_name="example.com")
    served = _certificate(
        edge,
        domain_name=SHOP,
        alternative_names=[f"*.{SHOP}"],
        validation=dns_validation(zone),
        targets=[Target.CLOUDFRONT],
        caa=CaaRecords.AMAZON,
    )
    cloudfront.Distribution(
        site,
        "Distribution",
        default_behavior=cloudfront.BehaviorOptions(origin=origins.HttpOrigin("origin.example.com")),
        domain_names=[SHOP],
        certificate=served,
    )
    theirs = DelegatedZone(
        zone_name="example.org",
        hosted_zone_id=dns.hosted_zone_id,
        role_arn=f"arn:aws:iam::{dns.account}:role/{ZONE_ROLE}",
    )
    logs = EncryptionKey(far, "OperationsKey", lifecycle=Lifecycle.EPHEMERAL, services=["logs"])
    made = _certificate(far, domain_name=FAR, validation=dns_validation(theirs), operations_key=logs)
    logs = EncryptionKey(outside, "OperationsKey", lifecycle=Lifecycle.EPHEMERAL, services=["logs"])
    waiting = _certificate(outside, domain_name=OUTSIDE, validation=outside_dns(), operations_key=logs)
    issued = waiting.once_issued(gate, "Issued", timeout=cdk.Duration.seconds(4))
    gate.add_stack_dependency(site)  # nothing comes after what fails
    cdk.CfnOutput(gate, "CertificateArn", value=issued.certificate_arn)
    return app.synth(), made.requester


def dns_app(folder: Path, *, dns: DnsAccount, requester: Requester) -> cx_api.CloudAssembly:
    """Synthesise the role of the zone's account.

    Args:
        folder: An empty one.
        dns: The account.
        requester: Whom it trusts.
    """
    app = app_in(folder)
    stack = cdk.Stack(app, "Dns", env=cdk.Environment(account=dns.account, region=HERE))
    zone = route53.HostedZone.from_hosted_zone_attributes(
        stack, "Zone", hosted_zone_id=dns.hosted_zone_id, zone_name="example.org"
    )
    CertificateZoneRole(
        stack,
        "Certificates",
        hosted_zone=zone,
        role_name=ZONE_ROLE,
        requesters=[requester],
        domain_names=[FAR],
    )
    return app.synth()


def _certificate(stack: cdk.Stack, **told: Any) -> ManagedCertificate:
    made = ManagedCertificate(stack, "Certificate", **told)
    cdk.CfnOutput(stack, "CertificateArn", value=made.certificate_arn)
    for number, record in enumerate(made.validation_records, start=1):
        cdk.CfnOutput(stack, f"Record{number}", value=record)
    if made.function is not None:
        cdk.CfnOutput(stack, "RoleArn", value=made.function.role.role_arn if made.function.role else "")
    return made
