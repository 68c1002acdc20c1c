"""HttpsListener: what is told otherwise than by default, and what is refused."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from constructs_lib import ConfigurationError
from constructs_lib.serving.https_listener import HttpsListener, PlainHttp
from constructs_lib.serving.strict_transport import StrictTransport
from constructs_lib.serving.tls_policy import MinimumTls
from tests.support.served_app import ACCOUNT, HOME, StandIn, new_app, new_stack, zone_of


def told(stack: cdk.Stack, **changed: Any) -> dict[str, Any]:
    balancer = elbv2.ApplicationLoadBalancer.from_application_load_balancer_attributes(
        stack,
        "Balancer",
        load_balancer_arn=f"arn:aws:elasticloadbalancing:{HOME}:{ACCOUNT}:loadbalancer/app/a/1",
        security_group_id="sg-1",
    )
    return {
        "load_balancer": balancer,
        "certificates": [StandIn(stack, "Certificate", "shop.example.com")],
        "domain_names": ["shop.example.com"],
        "open_to": [],
        "default_action": elbv2.ListenerAction.fixed_response(404),
        **changed,
    }


def written(app: cdk.App) -> dict[str, dict[str, Any]]:
    return dict(app.synth().get_stack_by_name("Shop").template["Resources"].items())


def test_tells_browsers_nothing_and_listens_to_port_443_alone_if_told_so() -> None:
    app = new_app()
    stack = new_stack(app)
    https = HttpsListener(
        stack,
        "Https",
        **told(
            stack,
            plain_http=PlainHttp.NOT_ANSWERED,
            strict_transport=StrictTransport.NOT_SENT,
            minimum_tls=MinimumTls.TLS_1_3,
        ),
    )
    (listener,) = (each["Properties"] for each in written(app).values() if each["Type"].endswith("::Listener"))

    assert https.redirect is None
    assert listener["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09"
    assert "ListenerAttributes" not in listener


def test_serves_further_certificates_by_the_name_that_clients_ask_for() -> None:
    app = new_app()
    stack = new_stack(app)
    given = told(stack)
    given["certificates"].append(StandIn(stack, "Other", "*.example.org"))
    given["domain_names"].append("a.example.org")
    HttpsListener(stack, "Https", **given | {"open_to": [ec2.Peer.any_ipv4(), ec2.Peer.any_ipv6()]})
    kinds = [each["Type"] for each in written(app).values()]
    (beside,) = (each for each in written(app).values() if each["Type"].endswith("ListenerCertificate"))

    assert beside["Properties"]["Certificates"] == [{"CertificateArn": {"Ref": "Other34654A52"}}]
    assert kinds.count("AWS::EC2::SecurityGroupIngress") == 4


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"load_balancer": "arn"}, "load_balancer must be an Application Load Balancer, got 'arn'"),
        ({"domain_names": ["www.example.com"]}, "domain names must be names of the certificate, shop.example.com"),
        ({"certificates": []}, "certificates must be 1 to 26 certificates, got 0"),
        ({"open_to": ec2.Peer.any_ipv4()}, r"open_to must be a list of peers, such as .*, got an? "),
        ({"open_to": None}, "open_to must be a list of peers, such as .*, or an empty one, got None"),
        ({"open_to": [None]}, "open_to must be a list of peers, such as .*, or an empty one, got None"),
        ({"open_to": ["0.0.0.0/0"]}, "open_to must be a list of peers, such as .*, got '0.0.0.0/0'"),
        ({"plain_http": False}, "plain_http must be a PlainHttp of constructs_lib, got False"),
        ({"strict_transport": None}, "strict_transport must be a StrictTransport of constructs_lib, got None"),
        ({"minimum_tls": "1.0"}, "minimum_tls must be one of"),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) else "",
)
def test_refuses_what_does_not_fit(changed: dict[str, Any], said: str) -> None:
    stack = new_stack()

    with pytest.raises(ConfigurationError, match=said):
        HttpsListener(stack, "Https", **told(stack, **changed))
    assert stack.node.try_find_child("Https") is None


def test_refuses_a_zone_that_does_not_contain_the_names() -> None:
    stack = new_stack()

    with pytest.raises(ConfigurationError, match=r"hosted_zone must be one to which 'shop\.example\.com' belongs"):
        HttpsListener(stack, "Https", **told(stack, hosted_zone=zone_of(stack, "example.org")))
