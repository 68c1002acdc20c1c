"""TlsListener: what is told otherwise than by default, and what is refused."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from constructs_lib import ConfigurationError
from constructs_lib.serving.tls_listener import TlsListener
from constructs_lib.serving.tls_policy import MinimumTls
from constructs_lib.wiring.certificate_facts import KeyAlgorithm
from tests.support.served_app import ACCOUNT, HOME, StandIn, network_of, new_app, new_stack


def told(stack: cdk.Stack, **changed: Any) -> dict[str, Any]:
    balancer = elbv2.NetworkLoadBalancer.from_network_load_balancer_attributes(
        stack,
        "Balancer",
        load_balancer_arn=f"arn:aws:elasticloadbalancing:{HOME}:{ACCOUNT}:loadbalancer/net/a/1",
    )
    return {
        "load_balancer": balancer,
        "certificates": [StandIn(stack, "Certificate", "mail.example.com")],
        "domain_names": ["mail.example.com"],
        **changed,
    }


def test_listens_where_it_is_told() -> None:
    app = new_app()
    stack = new_stack(app)
    servers = elbv2.NetworkTargetGroup(
        stack, "Servers", vpc=network_of(stack), port=143, target_type=elbv2.TargetType.IP
    )
    given = told(stack, port=993, minimum_tls=MinimumTls.TLS_1_3, default_target_groups=[servers])
    TlsListener(stack, "Tls", **given)
    resources = app.synth().get_stack_by_name("Shop").template["Resources"].values()
    (listener,) = (each["Properties"] for each in resources if each["Type"].endswith("::Listener"))

    assert (listener["Port"], listener["SslPolicy"]) == (993, "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09")
    assert "AlpnPolicy" not in listener


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"load_balancer": None}, "load_balancer must be a Network Load Balancer, got None"),
        ({"port": 0}, "port must be a whole number from 1 to 65535, got 0"),
        ({"domain_names": ["a.mail.example.com"]}, "domain names must be names of the certificate, mail.example.com"),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) else "",
)
def test_refuses_what_does_not_fit(changed: dict[str, Any], said: str) -> None:
    stack = new_stack()

    with pytest.raises(ConfigurationError, match=said):
        TlsListener(stack, "Tls", **told(stack, **changed))


def test_refuses_a_key_that_network_load_balancers_do_not_take() -> None:
    stack = new_stack()
    given = told(stack, certificates=[StandIn(stack, "Big", "mail.example.com", key_algorithm=KeyAlgorithm.RSA_4096)])

    with pytest.raises(ConfigurationError, match=r"that a Network Load Balancer takes, .* got Shop/Big with RSA_4096"):
        TlsListener(stack, "Tls", **given)
