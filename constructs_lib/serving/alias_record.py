"""Alias records: what makes a domain name lead to a service, in a zone of Route 53."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk
from constructs import Construct

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.places import are_apart
from constructs_lib.wiring.zone_names import check_hosted_zone, hosted_zone_id_for, told_zone_name

if TYPE_CHECKING:
    from aws_cdk import aws_route53 as route53

CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"
"""The zone of what CloudFront delivers.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-route53-recordset-aliastarget.html
"""
IPV4: Sequence[str] = ("A",)
IPV4_AND_IPV6: Sequence[str] = ("A", "AAAA")


@dataclass(frozen=True, kw_only=True)
class AliasTarget:
    """Where an alias leads.

    Attributes:
        dns_name: The name that AWS gave the service.
        zone_id: The zone of that name.
        kinds: The types of records: one for each kind of IP address that it has.
    """

    dns_name: str
    zone_id: str
    kinds: Sequence[str]


def check_zone(scope: Construct, zone: "route53.IHostedZone | None", names: Sequence[str]) -> None:
    """Refuse a zone in which the records cannot stand.

    Args:
        scope: Where they are defined.
        zone: The zone, or None if there are none to write.
        names: The domain names.

    Raises:
        ConfigurationError: If it is no zone, does not tell its name, is of another account, or one of the names does
            not belong to it.
    """
    if zone is None:
        return
    check_hosted_zone("hosted_zone", zone)
    zone_name = told_zone_name("hosted_zone", zone)
    account = cdk.Stack.of(scope).account
    if are_apart(account, zone.env.account):
        raise ConfigurationError(
            f"hosted_zone must be of account {account}, whose CloudFormation writes the records, got {zone.node.path} "
            f"of account {zone.env.account}; without hosted_zone nothing is written, and its owner adds the alias"
        )
    for name in names:
        if name != zone_name and not name.endswith(f".{zone_name}"):
            raise ConfigurationError(f"hosted_zone must be one to which {name!r} belongs, got {zone_name!r}")


def write_aliases(
    scope: Construct, zone: "route53.IHostedZone | None", *, names: Sequence[str], target: AliasTarget
) -> None:
    """Write the records by which names lead to a service.

    Args:
        scope: The construct that owns them.
        zone: A zone that `check_zone` let pass, or None to write nothing.
        names: The domain names.
        target: Where they lead.
    """
    if zone is None:
        return
    from aws_cdk import aws_route53 as route53  # noqa: PLC0415  # costs time that who writes no record need not pay

    zone_id = hosted_zone_id_for(cdk.Stack.of(scope), zone)
    for name in names:
        for kind in target.kinds:
            route53.CfnRecordSet(
                scope,
                f"{name} {kind}",
                hosted_zone_id=zone_id,
                name=f"{name}.",
                type=kind,
                alias_target=route53.CfnRecordSet.AliasTargetProperty(
                    dns_name=target.dns_name, hosted_zone_id=target.zone_id
                ),
            )
