"""What is given for a load balancer: refused by name where it is of the other kind."""

from typing import TYPE_CHECKING

from constructs_lib.errors import ConfigurationError
from constructs_lib.serving.alias_record import IPV4, IPV4_AND_IPV6, AliasTarget
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from aws_cdk import aws_elasticloadbalancingv2 as elbv2

# What only a Network Load Balancer says of itself.
_NETWORK = "enforce_security_group_inbound_rules_on_private_link_traffic"


def check_application_load_balancer(given: "elbv2.IApplicationLoadBalancer") -> None:
    """Refuse what is no Application Load Balancer.

    Args:
        given: What was given.

    Raises:
        ConfigurationError: If it is none.
    """
    if not hasattr(given, "load_balancer_arn") or _is_network(given):
        raise ConfigurationError(f"load_balancer must be an Application Load Balancer, got {spoken(given)}")


def check_network_load_balancer(given: "elbv2.INetworkLoadBalancer") -> None:
    """Refuse what is no Network Load Balancer.

    Args:
        given: What was given.

    Raises:
        ConfigurationError: If it is none.
    """
    if not hasattr(given, "load_balancer_arn") or not _is_network(given):
        raise ConfigurationError(f"load_balancer must be a Network Load Balancer, got {spoken(given)}")


def address_of(load_balancer: "elbv2.IApplicationLoadBalancer | elbv2.INetworkLoadBalancer") -> AliasTarget:
    """Return where an alias of a load balancer leads.

    Args:
        load_balancer: The load balancer.

    Raises:
        ConfigurationError: If it is imported and says no address.
    """
    try:
        name, zone = load_balancer.load_balancer_dns_name, load_balancer.load_balancer_canonical_hosted_zone_id
    except RuntimeError as error:  # so the CDK says that an imported one was not told
        raise ConfigurationError(
            "load_balancer must say load_balancer_dns_name and load_balancer_canonical_hosted_zone_id for alias "
            f"records, got {spoken(load_balancer)} without"
        ) from error
    kind = getattr(load_balancer, "ip_address_type", None)
    kinds = IPV4 if kind is None or kind.name == "IPV4" else IPV4_AND_IPV6
    return AliasTarget(dns_name=name, zone_id=zone, kinds=kinds)


def _is_network(given: object) -> bool:
    return hasattr(given, _NETWORK)
