"""Load balancers of both kinds, own and imported, and what is none."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from constructs_lib import ConfigurationError
from constructs_lib.serving.alias_record import AliasTarget
from constructs_lib.serving.given_load_balancer import (
    address_of,
    check_application_load_balancer,
    check_network_load_balancer,
)
from tests.support.served_app import ACCOUNT, HOME, network_of, new_stack

ARN = f"arn:aws:elasticloadbalancing:{HOME}:{ACCOUNT}:loadbalancer"


@pytest.fixture(scope="module")
def stack() -> cdk.Stack:
    return new_stack()


@pytest.fixture(scope="module")
def application(stack: cdk.Stack) -> elbv2.IApplicationLoadBalancer:
    return elbv2.ApplicationLoadBalancer.from_application_load_balancer_attributes(
        stack, "Application", load_balancer_arn=f"{ARN}/app/a/1", security_group_id="sg-1"
    )


@pytest.fixture(scope="module")
def network(stack: cdk.Stack) -> elbv2.INetworkLoadBalancer:
    return elbv2.NetworkLoadBalancer.from_network_load_balancer_attributes(
        stack,
        "NetworkBalancer",
        load_balancer_arn=f"{ARN}/net/n/1",
        load_balancer_dns_name="n.example.net",
        load_balancer_canonical_hosted_zone_id="Z7",
    )


def test_each_listener_takes_its_own_kind(
    application: elbv2.IApplicationLoadBalancer, network: elbv2.INetworkLoadBalancer
) -> None:
    check_application_load_balancer(application)
    check_network_load_balancer(network)


def test_an_imported_one_leads_where_it_was_told(network: elbv2.INetworkLoadBalancer) -> None:
    assert address_of(network) == AliasTarget(dns_name="n.example.net", zone_id="Z7", kinds=("A",))


def test_one_with_both_kinds_of_addresses_gets_both_kinds_of_records(stack: cdk.Stack) -> None:
    dual = elbv2.ApplicationLoadBalancer(
        stack, "Dual", vpc=network_of(stack), ip_address_type=elbv2.IpAddressType.DUAL_STACK
    )

    assert address_of(dual).kinds == ("A", "AAAA")


def test_refuses_a_network_load_balancer_for_an_application_one(network: Any) -> None:
    with pytest.raises(ConfigurationError, match="load_balancer must be an Application Load Balancer, got a"):
        check_application_load_balancer(network)


def test_refuses_an_application_load_balancer_for_a_network_one(application: Any) -> None:
    with pytest.raises(ConfigurationError, match="load_balancer must be a Network Load Balancer, got a"):
        check_network_load_balancer(application)


def test_refuses_what_is_none() -> None:
    given: Any = "arn"

    with pytest.raises(ConfigurationError, match="load_balancer must be an Application Load Balancer, got 'arn'"):
        check_application_load_balancer(given)


def test_refuses_records_for_one_that_says_no_address(application: elbv2.IApplicationLoadBalancer) -> None:
    with pytest.raises(ConfigurationError, match=r"load_balancer must say load_balancer_dns_name and .* for alias"):
        address_of(application)
