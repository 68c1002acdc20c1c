"""Certificates that their service will not find."""

from typing import Any

import pytest

from constructs_lib.guardrails.certificates_of_another_region import certificates_of_another_region
from constructs_lib.guardrails.served_certificates import ServedCertificates
from tests.support.certificate_templates import (
    ELSEWHERE,
    certificate,
    distribution,
    from_stack,
    listener,
    references_of,
    resource,
)

VIRGINIA, FRANKFURT = "us-east-1", "eu-central-1"
OF_VIRGINIA = ELSEWHERE.replace(FRANKFURT, VIRGINIA)


def edge(arn: object) -> dict[str, Any]:
    return resource("AWS::ApiGateway::DomainName", CertificateArn=arn)


def regional(arn: object) -> dict[str, Any]:
    return resource("AWS::ApiGateway::DomainName", RegionalCertificateArn=arn)


def user_pool(arn: object) -> dict[str, Any]:
    return resource("AWS::Cognito::UserPoolDomain", CustomDomainConfig={"CertificateArn": arn})


def graphql(arn: object) -> dict[str, Any]:
    return resource("AWS::AppSync::DomainName", CertificateArn=arn)


def http(arn: object) -> dict[str, Any]:
    return resource("AWS::ApiGatewayV2::DomainName", DomainNameConfigurations=[{"CertificateArn": arn}])


def amplify(arn: object) -> dict[str, Any]:
    return resource("AWS::Amplify::Domain", CertificateSettings={"CustomCertificateArn": arn})


MAKERS = [listener, regional, http, distribution, edge, user_pool, graphql, amplify]
THROUGH_CLOUDFRONT = (distribution, edge, user_pool, graphql, amplify)


def found(made: dict[str, Any], *, stack: str = FRANKFURT) -> list[tuple[str, str]]:
    references = references_of(
        {"Far": VIRGINIA, "Near": stack}, Far={"Cert": certificate()}, Near={"Cert": certificate(), "It": made}
    )
    served = ServedCertificates(references).served()
    return [(each.region, each.wanted) for each in certificates_of_another_region(references, served)]


@pytest.mark.parametrize("make", MAKERS, ids=lambda each: each.__name__)
def test_a_certificate_of_the_apps_own_stack_is_of_its_region(make: Any) -> None:
    expected = [(FRANKFURT, VIRGINIA)] if make in THROUGH_CLOUDFRONT else []

    assert found(make({"Ref": "Cert"})) == expected
    assert found(make(ELSEWHERE)) == expected


@pytest.mark.parametrize("make", MAKERS, ids=lambda each: each.__name__)
def test_a_certificate_of_virginia_is_for_what_cloudfront_delivers(make: Any) -> None:
    expected = [] if make in THROUGH_CLOUDFRONT else [(VIRGINIA, FRANKFURT)]

    assert found(make(from_stack("Far", "Cert", VIRGINIA))) == expected
    assert found(make(OF_VIRGINIA)) == expected


@pytest.mark.parametrize("make", MAKERS, ids=lambda each: each.__name__)
def test_in_virginia_everything_takes_the_certificates_of_virginia(make: Any) -> None:
    assert found(make({"Ref": "Cert"}), stack=VIRGINIA) == []


@pytest.mark.parametrize("make", MAKERS, ids=lambda each: each.__name__)
def test_what_only_the_deployment_knows_is_no_finding(make: Any) -> None:
    references = references_of(S={"Cert": certificate(), "It": make({"Ref": "Cert"}), "Other": make({"Ref": "Arn"})})

    assert list(certificates_of_another_region(references, ServedCertificates(references).served())) == []


@pytest.mark.parametrize("kind", ["AWS::Serverless::Api", "AWS::VpcLattice::Service"])
def test_what_is_not_known_of_a_service_is_no_finding(kind: str) -> None:
    assert found(resource(kind, Domain={"CertificateArn": from_stack("Far", "Cert", VIRGINIA)})) == []
    assert found(resource(kind, Domain={"CertificateArn": {"Ref": "Cert"}})) == []
