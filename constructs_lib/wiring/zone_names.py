"""The name of a hosted zone, as DNS has it, or why nobody knows it before deployment; and its id, for any stack."""

from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.domain_names import ascii_name
from constructs_lib.wiring.given_resources import spoken
from constructs_lib.wiring.places import are_apart

if TYPE_CHECKING:
    from aws_cdk import aws_route53 as route53


def check_hosted_zone(argument: str, given: "route53.IHostedZone") -> None:
    """Refuse what is no hosted zone.

    Args:
        argument: What a refusal calls it.
        given: What was given.

    Raises:
        ConfigurationError: If it is none.
    """
    if not hasattr(given, "hosted_zone_arn"):
        raise ConfigurationError(
            f"{argument} must be a hosted zone, such as route53.PublicHostedZone(...), got {spoken(given)}"
        )


def told_zone_name(argument: str, zone: "route53.IHostedZone") -> str:
    """Return the name of a hosted zone in ASCII and lower case, without the dot of the root.

    Args:
        argument: What a refusal calls it.
        zone: A zone that `check_hosted_zone` let pass.

    Raises:
        ConfigurationError: If it does not tell its name before deployment, or that is none.
    """
    try:
        name = zone.zone_name
    except RuntimeError as error:  # so the CDK says that one was imported by its id alone
        raise ConfigurationError(_nameless(argument, zone)) from error
    if cdk.Token.is_unresolved(name):
        raise ConfigurationError(_nameless(argument, zone))
    return ascii_name(f"{argument}.zone_name", name.removesuffix("."))


def hosted_zone_id_for(stack: cdk.Stack, zone: "route53.IHostedZone") -> str:
    """Return the id for a stack of another Region too: hosted zones are global, references are not.

    Args:
        stack: Where the id will stand.
        zone: A zone that `check_hosted_zone` let pass.
    """
    if is_made_by_app(zone) and are_apart(stack.region, zone.env.region):
        return cdk.Stack.consume_reference(zone.hosted_zone_id, cdk.ReferenceStrength.WEAK)
    return zone.hosted_zone_id


def is_made_by_app(zone: "route53.IHostedZone") -> bool:
    """Say whether a zone is one that the app makes.

    Args:
        zone: A zone that `check_hosted_zone` let pass.
    """
    return getattr(zone.node.default_child, "cfn_resource_type", None) == "AWS::Route53::HostedZone"


def _nameless(argument: str, zone: "route53.IHostedZone") -> str:
    return (
        f"{argument} must tell its name, as route53.HostedZone.from_hosted_zone_attributes(scope, id, "
        f"hosted_zone_id=..., zone_name=...) does, got {zone.node.path} without one that is known before deployment"
    )
