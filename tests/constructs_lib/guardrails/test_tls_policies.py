"""Which TLS policies are old."""

import re
from typing import Any

import pytest

from constructs_lib.guardrails.served_certificates import ServedCertificates
from constructs_lib.guardrails.template_values import Located
from constructs_lib.guardrails.tls_policies import LISTENER, TLS_CHOICES, OldTls, old_tls, policies_of
from tests.support.certificate_templates import certificate, distribution, listener, references_of, resource

OURS = {"Ref": "Cert"}


def found(made: dict[str, Any]) -> list[OldTls]:
    references = references_of(S={"Cert": certificate(), "It": made})
    return list(old_tls(references, ServedCertificates(references).served()))


def viewer(**said: Any) -> dict[str, Any]:
    return distribution(OURS, ViewerCertificate={"AcmCertificateArn": OURS, **said})


def rest(**said: str) -> dict[str, Any]:
    return resource("AWS::ApiGateway::DomainName", RegionalCertificateArn=OURS, **said)


def http(**said: str) -> dict[str, Any]:
    return resource("AWS::ApiGatewayV2::DomainName", DomainNameConfigurations=[{"CertificateArn": OURS, **said}])


def user_pool(**said: str) -> dict[str, Any]:
    return resource("AWS::Cognito::UserPoolDomain", CustomDomainConfig={"CertificateArn": OURS, **said})


@pytest.mark.parametrize(
    ("made", "policy"),
    [
        (listener(OURS, SslPolicy="ELBSecurityPolicy-TLS13-1-0-PQ-2025-09"), "ELBSecurityPolicy-TLS13-1-0-PQ-2025-09"),
        (viewer(MinimumProtocolVersion="TLSv1.1_2016"), "TLSv1.1_2016"),
        (rest(SecurityPolicy="TLS_1_0"), "TLS_1_0"),
        (http(SecurityPolicy="TLS_1_0"), "TLS_1_0"),
        (user_pool(SecurityPolicy="TLS_V1"), "TLS_V1"),
    ],
    ids=["listener", "distribution", "rest", "http", "user pool"],
)
def test_old_policies_are_found(made: dict[str, Any], policy: str) -> None:
    ((old),) = found(made)

    assert (old.place, old.policy, old.is_unsaid) == (Located("S", "It"), policy, False)


def test_the_documented_default_of_cloudformation_is_old() -> None:
    ((old),) = found(listener(OURS, SslPolicy={"Ref": "AWS::NoValue"}))

    assert (old.policy, old.is_unsaid) == ("ELBSecurityPolicy-2016-08", True)


@pytest.mark.parametrize("said", [{}, {"MinimumProtocolVersion": {"Ref": "AWS::NoValue"}}], ids=["left out", "NoValue"])
def test_a_distribution_that_says_none_is_found_without_a_policy(said: Any) -> None:
    ((old),) = found(viewer(**said))

    assert (old.place, old.policy, old.is_unsaid) == (Located("S", "It"), "", True)
    assert old.instead == "TLSv1.2_2025 or TLSv1.3_2025"


@pytest.mark.parametrize(
    "made",
    [
        listener(OURS),
        viewer(MinimumProtocolVersion="TLSv1.2_2021"),
        viewer(MinimumProtocolVersion={"Ref": "Parameter"}),
        rest(SecurityPolicy="SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09"),
        rest(SecurityPolicy="TLS_1_2"),
        rest(),
        http(SecurityPolicy="TLS_1_2"),
        user_pool(SecurityPolicy="TLS_V1_2_2021"),
        user_pool(),
        listener(OURS, SslPolicy={"Ref": "Parameter"}),
        resource("AWS::AppSync::DomainName", CertificateArn=OURS),
    ],
    ids=[
        "listener",
        "distribution",
        "distribution parameter",
        "rest pq",
        "rest",
        "rest unsaid",
        "http",
        "user pool",
        "unsaid",
        "parameter",
        "another service",
    ],
)
def test_what_takes_no_old_tls_or_does_not_say_is_not_found(made: dict[str, Any]) -> None:
    assert found(made) == []


def test_a_listener_without_a_certificate_is_not_looked_at() -> None:
    assert found(listener()) == []


def test_no_policy_of_load_balancers_that_begins_at_tls_1_2_is_called_old() -> None:
    assert [policy for policy in TLS_CHOICES[LISTENER].old if re.search("(TLS|TLS13|FS)-1-[23]", policy)] == []


def test_the_policies_of_a_resource_are_told_with_the_default() -> None:
    references = references_of(S={"Cert": certificate(), "It": listener(OURS, SslPolicy=[]), "Other": rest()})

    assert policies_of(references, Located("S", "It")) == ["ELBSecurityPolicy-2016-08"]
    assert policies_of(references, Located("S", "Other")) == []
    assert policies_of(references, Located("S", "Cert")) == []
