"""What serves a certificate, in words."""

from typing import Any

import pytest

from constructs_lib.guardrails.template_values import Located
from constructs_lib.inventory.certificate_uses import certificate_use
from constructs_lib.inventory.listed_certificate import CertificateUse
from tests.support.certificate_templates import distribution, listener, references_of, resource

ARN = {"Ref": "Cert"}
PQ = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"


@pytest.mark.parametrize(
    ("made", "what", "names", "policies"),
    [
        (listener(ARN), "listener of a load balancer (HTTPS 443)", (), (PQ,)),
        (distribution(ARN), "CloudFront distribution", ("example.com",), ("TLSv1.3_2025",)),
        (
            resource("AWS::ApiGateway::DomainName", DomainName="api.example.com", SecurityPolicy="TLS_1_2"),
            "domain of REST APIs", ("api.example.com",), ("TLS_1_2",),
        ),
        (
            resource("AWS::ApiGatewayV2::DomainName", DomainName="api.example.com"),
            "domain of HTTP APIs", ("api.example.com",), (),
        ),
        (
            resource("AWS::Cognito::UserPoolDomain", Domain="login.example.com"),
            "domain of a Cognito user pool", ("login.example.com",), (),
        ),
        (resource("AWS::Transfer::Server"), "AWS::Transfer::Server", (), ()),
    ],
    ids=["listener", "distribution", "rest", "http", "cognito", "another"],
)  # fmt: skip
def test_a_use_says_service_names_and_tls(
    made: dict[str, Any], what: str, names: tuple[str, ...], policies: tuple[str, ...]
) -> None:
    found = certificate_use(references_of({"S": "eu-west-1"}, S={"It": made}), Located("S", "It"))

    assert found == CertificateUse("It of stack S", what, names, policies, "eu-west-1")
