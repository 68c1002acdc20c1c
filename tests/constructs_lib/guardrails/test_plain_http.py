"""What answers plain HTTP beside a certificate."""

from typing import Any

import pytest

from constructs_lib.guardrails.plain_http import plain_http
from constructs_lib.guardrails.served_certificates import ServedCertificates
from tests.support.certificate_templates import certificate, distribution, listener, references_of, resource

OURS = {"Ref": "Cert"}
FORWARD = {"Type": "forward", "TargetGroupArn": {"Ref": "Group"}}
REDIRECT = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "StatusCode": "HTTP_301"}}
SECURE = {"Cert": certificate(), "Tls": listener(OURS)}


def found(made: dict[str, Any]) -> list[str]:
    references = references_of(S=made)
    return [each.place.logical_id for each in plain_http(references, ServedCertificates(references).served())]


def rule(*actions: dict[str, Any]) -> dict[str, Any]:
    return resource("AWS::ElasticLoadBalancingV2::ListenerRule", ListenerArn={"Ref": "Plain"}, Actions=list(actions))


@pytest.mark.parametrize(
    "plain",
    [
        listener(DefaultActions=[FORWARD]),
        listener(Port=8080, DefaultActions=[FORWARD]),
        listener(DefaultActions=[{"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_302", "Path": "/x"}}]),
        listener(DefaultActions=[{"Type": "redirect", "RedirectConfig": {"Protocol": "HTTP"}}]),
        listener(Protocol="TCP", DefaultActions=[FORWARD]),
        listener(Protocol="TCP_UDP", DefaultActions=[FORWARD]),
        listener(Protocol="TCP_QUIC", Port="80", DefaultActions=[FORWARD]),
    ],
    ids=["forward", "another port", "the same protocol", "to http", "tcp", "tcp and udp", "tcp and quic"],
)
def test_a_listener_beside_one_for_tls_is_found(plain: dict[str, Any]) -> None:
    assert found({**SECURE, "Plain": plain}) == ["Plain"]


def test_a_rule_that_forwards_is_found_behind_a_redirect() -> None:
    assert found({**SECURE, "Plain": listener(DefaultActions=[REDIRECT]), "Rule": rule(FORWARD)}) == ["Rule"]


@pytest.mark.parametrize(
    "plain",
    [
        listener(DefaultActions=[REDIRECT]),
        listener(DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]),
        listener(DefaultActions=[FORWARD], LoadBalancerArn={"Ref": "Another"}),
        listener(DefaultActions=[FORWARD], Protocol={"Ref": "Parameter"}),
        listener(DefaultActions=[FORWARD], Protocol="TCP", Port=5432),
        listener(DefaultActions=[FORWARD], Protocol="UDP"),
    ],
    ids=["redirect", "fixed response", "another balancer", "parameter", "another service", "udp"],
)
def test_what_gives_nothing_without_tls_is_not_found(plain: dict[str, Any]) -> None:
    assert found({**SECURE, "Plain": plain}) == []


def test_a_load_balancer_without_a_certificate_is_not_looked_at() -> None:
    assert found({"Cert": certificate(), "Plain": listener(DefaultActions=[FORWARD])}) == []


@pytest.mark.parametrize("policy", ["allow-all", "redirect-to-https", "https-only"])
@pytest.mark.parametrize("where", ["DefaultCacheBehavior", "CacheBehaviors"])
def test_a_distribution_answers_http_only_where_it_allows_all(where: str, policy: str) -> None:
    behavior: Any = {"ViewerProtocolPolicy": policy}
    config = {where: [behavior] if where == "CacheBehaviors" else behavior}

    assert found({"Cert": certificate(), "It": distribution(OURS, **config)}) == (
        ["It"] if policy == "allow-all" else []
    )


def classic(*plain: tuple[Any, Any], served: object = OURS) -> dict[str, Any]:
    tls = {"Protocol": "HTTPS", "LoadBalancerPort": "443", "InstancePort": "80", "SSLCertificateId": served}
    further = [{"Protocol": protocol, "LoadBalancerPort": port, "InstancePort": "80"} for protocol, port in plain]
    return {
        "Cert": certificate(),
        "It": resource("AWS::ElasticLoadBalancing::LoadBalancer", Listeners=[*further, tls]),
    }


@pytest.mark.parametrize(
    "plain", [("HTTP", "80"), ("http", 80), ("HTTP", "8080"), ("TCP", "80")], ids=["http", "lower", "port", "tcp"]
)
def test_a_classic_load_balancer_is_found_that_takes_http_beside_tls(plain: tuple[Any, Any]) -> None:
    assert found(classic(plain, plain)) == ["It"]


@pytest.mark.parametrize(
    "plain",
    [("HTTPS", "8443"), ("SSL", "80"), ("TCP", "5432"), ({"Ref": "Protocol"}, "80")],
    ids=["https", "ssl", "another service", "parameter"],
)
def test_a_classic_load_balancer_is_not_found_that_takes_nothing_plain(plain: tuple[Any, Any]) -> None:
    assert found(classic(plain)) == []


def test_a_classic_load_balancer_without_a_certificate_of_acm_is_not_looked_at() -> None:
    assert found(classic(("HTTP", "80"), served="arn:aws:iam::111122223333:server-certificate/a")) == []
