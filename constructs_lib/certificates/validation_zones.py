"""ReadZone: a hosted zone that was given for validation, checked, with what its permissions and properties need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import aws_cdk as cdk
from aws_cdk import aws_route53 as route53
from constructs import Construct

from constructs_lib.certificates.validation import DelegatedZone
from constructs_lib.certificates.validation_plan import plan_validation
from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.domain_names import read_domain_name
from constructs_lib.wiring.places import are_apart
from constructs_lib.wiring.zone_names import check_hosted_zone, hosted_zone_id_for, is_made_by_app, told_zone_name

_PRIVATE = ".IPrivateHostedZone"


@dataclass(frozen=True, kw_only=True)
class ReadZone:
    """A public hosted zone, and what it validates.

    Attributes:
        zone_name: Its name, in lower case.
        hosted_zone_id: Its id, as the template of the certificate says it.
        identity: What tells it from other zones, also where its id is known only at deployment.
        delegated: Who writes into it, if that is a role of another account.
        domain_names: The names whose records it holds.
        made_by_app: That this app defines it.
    """

    zone_name: str
    hosted_zone_id: str
    identity: str
    delegated: DelegatedZone | None
    domain_names: tuple[str, ...] = ()
    made_by_app: bool = False

    @property
    def arn(self) -> str:
        """Its ARN, which has neither account nor Region."""
        return f"arn:{cdk.Aws.PARTITION}:route53:::hostedzone/{self.hosted_zone_id}"


def read_zones(
    scope: Construct, zones: Sequence[route53.IHostedZone | DelegatedZone], domain_names: Sequence[str]
) -> tuple[ReadZone, ...]:
    """Check zones and say which names each of them validates.

    Args:
        scope: Where the certificate is.
        zones: What was given.
        domain_names: The names of the certificate.

    Raises:
        ConfigurationError: If a zone cannot be used, or zones and names do not fit.
    """
    read = [_read(scope, f"zones[{number}]", zone) for number, zone in enumerate(zones)]
    plan: Mapping[str, tuple[str, ...]] = plan_validation(domain_names, [zone.zone_name for zone in read])
    return tuple(replace(zone, domain_names=plan[zone.zone_name]) for zone in read)


def read_zone_name(argument: str, zone: route53.IHostedZone) -> str:
    """Return the name of a public hosted zone.

    A private zone that was looked up shows nothing of that: ACM then never finds the record, and the deployment fails
    when CloudFormation has waited for hours.

    Args:
        argument: What a refusal calls it.
        zone: The zone.

    Raises:
        ConfigurationError: If it is private, or its name is not known now.
    """
    check_hosted_zone(argument, zone)
    if _is_private(zone):
        raise ConfigurationError(
            f"{argument} must be a public hosted zone, in which ACM can look, got the private zone {zone.node.path}"
        )
    return read_domain_name(f"{argument}.zone_name", told_zone_name(argument, zone))


def _read(scope: Construct, argument: str, zone: route53.IHostedZone | DelegatedZone) -> ReadZone:
    if isinstance(zone, DelegatedZone):
        name, zone_id = read_domain_name(f"{argument}.zone_name", zone.zone_name), zone.hosted_zone_id
        return ReadZone(zone_name=name, hosted_zone_id=zone_id, identity=zone_id, delegated=zone)
    name = read_zone_name(argument, zone)
    stack = cdk.Stack.of(scope)
    if are_apart(stack.account, zone.env.account):
        raise ConfigurationError(
            f"{argument} must be of the account {stack.account}, got {zone.node.path} in {zone.env.account}: give "
            "DelegatedZone(...) with a role of that account, such as CertificateZoneRole(...) there"
        )
    zone_id = zone.hosted_zone_id
    if not cdk.Token.is_unresolved(zone_id):
        return ReadZone(zone_name=name, hosted_zone_id=zone_id, identity=zone_id, delegated=None)
    return ReadZone(
        zone_name=name,
        hosted_zone_id=hosted_zone_id_for(stack, zone),
        identity=zone.node.path,
        delegated=None,
        made_by_app=is_made_by_app(zone),
    )


def _is_private(zone: route53.IHostedZone) -> bool:
    # What is imported is of no class in Python; jsii knows by which interface it was given.
    told = getattr(getattr(zone, "__jsii_ref__", None), "interfaces", None) or ()
    if isinstance(zone, route53.PrivateHostedZone) or any(each.endswith(_PRIVATE) for each in told):
        return True
    resource = zone.node.default_child
    return isinstance(resource, route53.CfnHostedZone) and bool(cdk.Stack.of(zone).resolve(resource.vpcs))
