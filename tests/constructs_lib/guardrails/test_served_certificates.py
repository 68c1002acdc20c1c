"""Which resources serve which certificates."""

from typing import Any

import pytest

from constructs_lib.guardrails.served_certificates import GATE, IMPORTED, REQUESTED, Served, ServedCertificates
from constructs_lib.guardrails.template_values import Located
from tests.support.certificate_templates import (
    ELSEWHERE,
    certificate,
    distribution,
    from_stack,
    listener,
    references_of,
    resource,
)

OURS = {"Ref": "Cert"}


def served(*regions: dict[str, str], **stacks: dict[str, Any]) -> list[Served]:
    return ServedCertificates(references_of(*regions, **stacks)).served()


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::ElasticLoadBalancingV2::Listener", {"Certificates": [{"CertificateArn": OURS}]}),
        ("AWS::ElasticLoadBalancingV2::ListenerCertificate", {"Certificates": [{"CertificateArn": OURS}]}),
        ("AWS::ElasticLoadBalancing::LoadBalancer", {"Listeners": [{"SSLCertificateId": OURS}]}),
        ("AWS::CloudFront::Distribution", {"DistributionConfig": {"ViewerCertificate": {"AcmCertificateArn": OURS}}}),
        ("AWS::ApiGateway::DomainName", {"CertificateArn": OURS}),
        ("AWS::ApiGateway::DomainName", {"RegionalCertificateArn": OURS}),
        ("AWS::ApiGatewayV2::DomainName", {"DomainNameConfigurations": [{"CertificateArn": OURS}]}),
        ("AWS::Cognito::UserPoolDomain", {"CustomDomainConfig": {"CertificateArn": OURS}}),
        ("AWS::AppSync::DomainName", {"CertificateArn": OURS}),
        ("AWS::IoT::DomainConfiguration", {"ServerCertificateArns": [OURS]}),
        ("AWS::OpenSearchService::Domain", {"DomainEndpointOptions": {"CustomEndpointCertificateArn": OURS}}),
        ("AWS::Transfer::Server", {"Certificate": OURS}),
    ],
    ids=lambda each: each if isinstance(each, str) else next(iter(each)),
)
def test_every_service_is_found_that_names_a_certificate(kind: str, properties: dict[str, Any]) -> None:
    found = served(S={"Cert": certificate(), "It": resource(kind, **properties)})

    assert [(each.by, each.certificate) for each in found] == [(Located("S", "It"), Located("S", "Cert"))]


@pytest.mark.parametrize("kind", [REQUESTED, IMPORTED])
def test_the_certificates_of_our_functions_are_known_by_their_type(kind: str) -> None:
    made = {"Cert": resource(kind), "It": listener({"Fn::GetAtt": ["Cert", "CertificateArn"]})}

    ((found),) = served(S=made)

    assert found.certificate == Located("S", "Cert")


def test_a_gate_stands_for_the_certificate_behind_it() -> None:
    gate = resource(GATE, CertificateArn=OURS)

    ((found),) = served(S={"Cert": resource(REQUESTED), "Gate": gate, "It": listener({"Ref": "Gate"})})

    assert found.certificate == Located("S", "Cert")


def test_a_certificate_of_another_region_is_followed_there() -> None:
    ((found),) = served(
        {"Far": "us-east-1", "Near": "eu-central-1"},
        Far={"Cert": certificate()},
        Near={"It": distribution(from_stack("Far", "Cert", "us-east-1"))},
    )

    assert (found.by, found.certificate) == (Located("Near", "It"), Located("Far", "Cert"))


def test_one_that_the_app_does_not_define_is_told_by_its_arn() -> None:
    assert served(S={"It": listener(ELSEWHERE)}) == [Served(Located("S", "It"), None, ELSEWHERE)]


def test_one_that_a_parameter_names_is_told() -> None:
    ((found),) = served(S={"It": listener({"Ref": "Parameter"})})

    assert (found.certificate, found.arn) == (None, "${S#Parameter}")


@pytest.mark.parametrize(
    "made",
    [
        {"It": resource("AWS::DMS::Endpoint", CertificateArn={"Ref": "Dms"}), "Dms": resource("AWS::DMS::Certificate")},
        {"It": distribution(None, ViewerCertificate={"IamCertificateId": "ASCA0123"})},
        {"It": resource("AWS::Events::Rule", EventPattern={"detail": {"CertificateArn": [ELSEWHERE]}})},
        {"It": resource("AWS::AppMesh::VirtualNode", Certificate={"File": {"PrivateKey": "/key.pem"}})},
    ],
    ids=["of DMS", "of IAM", "an event pattern", "of a file"],
)
def test_what_is_no_certificate_of_acm_is_not_told(made: dict[str, Any]) -> None:
    assert served(S=made) == []


def test_a_certificate_that_stands_twice_in_a_resource_is_told_once() -> None:
    assert (
        len(served(S={"Cert": certificate(), "It": resource("AWS::X::Y", ACertificateArn=OURS, BCertificateArn=OURS)}))
        == 1
    )
