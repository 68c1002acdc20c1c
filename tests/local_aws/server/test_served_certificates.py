from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.made_certificates import Template, made
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy

EDGE = "us-east-1"
Stacks = Callable[..., StackOperation]
Import = Callable[..., str]


@pytest.fixture
def imported(aws: LocalAws) -> Iterator[Import]:
    """Import a certificate of these names, and delete it in the end if nothing serves it any more."""
    made_here: list[str] = []

    def client(region: str) -> Any:
        return aws.session().client("acm", region_name=region)

    def make(*names: str, region: str = aws.region) -> str:
        now = datetime.now(UTC)
        leaf = made(Template.leaf(*names, not_before=now, not_after=now + timedelta(days=2)))
        arn = client(region).import_certificate(Certificate=leaf.pem, PrivateKey=leaf.key_pem())["CertificateArn"]
        made_here.append(arn)
        return str(arn)

    yield make
    for arn in made_here:
        client(arn.split(":")[3]).delete_certificate(CertificateArn=arn)


def distribution(arn: str) -> dict[str, Any]:
    """Return a distribution of a template that serves `www.example.com`."""
    behaviour = {"TargetOriginId": "o", "ViewerProtocolPolicy": "redirect-to-https"}
    behaviour |= {"CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"}
    origin = {"Id": "o", "DomainName": "o.example.com", "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"}}
    config = {"Enabled": True, "DefaultCacheBehavior": behaviour, "Origins": [origin], "Aliases": ["www.example.com"]}
    config |= {"ViewerCertificate": {"AcmCertificateArn": arn, "SslSupportMethod": "sni-only"}}
    return {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}}


def listener(*arns: str) -> dict[str, Mapping[str, Any]]:
    """Return a listener of a template, with its load balancer, and the certificates that come after its first."""
    answer = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}
    settings = {"LoadBalancerArn": {"Ref": "Balancer"}, "Port": 443, "Protocol": "HTTPS", "DefaultActions": [answer]}
    first, *others = ([{"CertificateArn": each}] for each in arns)
    further = {
        f"Further{number}": {
            "Type": "AWS::ElasticLoadBalancingV2::ListenerCertificate",
            "Properties": {"ListenerArn": {"Ref": "Listener"}, "Certificates": each},
        }
        for number, each in enumerate(others)
    }
    balancer = {
        "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "Properties": {"Subnets": ["subnet-1", "subnet-2"]},
    }
    serving = {"Type": "AWS::ElasticLoadBalancingV2::Listener", "Properties": {**settings, "Certificates": first}}
    return {"Balancer": balancer, "Listener": serving, **further}


def test_refuses_a_certificate_that_cloudfront_cannot_serve(
    aws: LocalAws, make_stacks: Stacks, imported: Import
) -> None:
    abroad: Any = aws.session().client("acm", region_name=EDGE)
    pending = abroad.request_certificate(DomainName="www.example.com")["CertificateArn"]
    unfit = [imported("www.example.com"), imported("example.com", region=EDGE), pending]

    texts = [make_stacks().create({"Distribution": distribution(each)}).failures[0] for each in unfit]
    served = make_stacks().create({"Distribution": distribution(imported("*.example.com", region=EDGE))})

    assert ["isn't in us-east-1" in each for each in texts] == [True, False, True]
    assert "doesn't cover the alternate domain name" in texts[1]
    assert served.failures == ()
    assert make_stacks().delete(served.name).status == "DELETE_COMPLETE"


def test_a_listener_serves_further_certificates_and_none_that_is_elsewhere_or_not_issued(
    aws: LocalAws, make_stacks: Stacks, imported: Import
) -> None:
    acm: Any = aws.session().client("acm")
    pending = acm.request_certificate(DomainName="www.example.com")["CertificateArn"]
    first, second, abroad = imported("a.example.com"), imported("b.example.com"), imported("a.example.com", region=EDGE)

    texts = [make_stacks().create(listener(first, each)).failures[0] for each in (pending, abroad)]
    served = make_stacks().create(listener(first, second))
    users = [acm.describe_certificate(CertificateArn=each)["Certificate"]["InUseBy"] for each in (first, second)]
    changed = make_stacks().update(served.name, listener(second))

    assert ["a supported signature" in each for each in texts] == [True, False]
    assert texts[1] == f"Further0: Certificate '{abroad}' not found"
    assert served.failures == changed.failures == ()
    assert users[0] == users[1] != []
    assert acm.describe_certificate(CertificateArn=first)["Certificate"]["InUseBy"] == []
    assert make_stacks().delete(served.name).status == "DELETE_COMPLETE"


@pytest.mark.parametrize("kind", ["regional", "edge", "http", "pool"])
def test_refuses_a_domain_whose_certificate_is_for_another_name_or_region(
    make_stacks: Stacks, imported: Import, kind: str
) -> None:
    region, elsewhere = (EDGE, "eu-central-1") if kind in {"edge", "pool"} else ("eu-central-1", EDGE)
    good, wrong_name, wrong_region = (
        imported("api.example.com", region=region),
        imported("www.example.com", region=region),
        imported("api.example.com", region=elsewhere),
    )

    def failures(arn: str) -> tuple[str, ...]:
        resources: dict[str, Any] = {
            "regional": {"Type": "AWS::ApiGateway::DomainName", "Properties": {"RegionalCertificateArn": arn}},
            "edge": {"Type": "AWS::ApiGateway::DomainName", "Properties": {"CertificateArn": arn}},
            "http": {
                "Type": "AWS::ApiGatewayV2::DomainName",
                "Properties": {"DomainNameConfigurations": [{"CertificateArn": arn}]},
            },
            "pool": {
                "Type": "AWS::Cognito::UserPoolDomain",
                "Properties": {"UserPoolId": {"Ref": "Pool"}, "CustomDomainConfig": {"CertificateArn": arn}},
            },
        }
        domain = resources[kind]
        domain["Properties"]["Domain" if kind == "pool" else "DomainName"] = "api.example.com"
        pool = {"Pool": {"Type": "AWS::Cognito::UserPool", "Properties": {}}} if kind == "pool" else {}
        operation = make_stacks()
        outcome = operation.create({"Domain": domain, **pool})
        operation.delete(outcome.name)
        return outcome.failures

    assert failures(good) == ()
    assert "does not cover the domain name" in failures(wrong_name)[0]
    assert "does not exist in" in failures(wrong_region)[0]
