"""Deployed, everything that serves a certificate serves it, with the policy that it was told, under its own name."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from constructs_lib.serving.tls_policy import MinimumTls, security_policy
from constructs_lib.wiring.certificate_targets import Target
from local_aws import LocalAws
from tests.support.served_app import EDGE, HOME, NAMES_ABROAD, StandIn, new_app, new_stack, serve, zone_of
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy


@dataclass(frozen=True)
class Deployed:
    aws: LocalAws
    zone_id: str
    here: str
    abroad: str

    def client(self, service: str) -> Any:
        session: Any = self.aws.session()
        return session.client(service, region_name=HOME)


@pytest.fixture(scope="module")
def deployed() -> Iterator[Deployed]:
    """Deploy to an account of its own, to see what is there and nothing else."""
    with LocalAws() as aws:
        dns: Any = aws.session().client("route53")
        zone_id = dns.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"].rpartition("/")[2]
        app = new_app()
        edge, shop = new_stack(app, "Certificates", EDGE, aws.account), new_stack(app, "Shop", HOME, aws.account)
        serve(
            shop,
            abroad=StandIn(edge, "Abroad", *NAMES_ABROAD, zone_id=zone_id),
            here=StandIn(shop, "Here", "*.example.com", zone_id=zone_id),
            zone=zone_of(shop, zone_id=zone_id),
        )
        assembly = app.synth()
        for name, region in (("Certificates", EDGE), ("Shop", HOME)):
            parts = assembly.get_stack_by_name(name).template
            outputs = {each: told["Value"] for each, told in parts.get("Outputs", {}).items()}
            outcome = StackOperation(aws.session(), region=region).create(parts["Resources"], outputs, name=name)
            assert (outcome.status, outcome.failures) == ("CREATE_COMPLETE", ())
        yield Deployed(aws, zone_id, _certificate(aws, HOME), _certificate(aws, EDGE))


def _certificate(aws: LocalAws, region: str) -> str:
    acm: Any = aws.session().client("acm", region_name=region)
    (certificate,) = acm.list_certificates()["CertificateSummaryList"]
    return str(certificate["CertificateArn"])


def test_listeners_serve_the_certificate_of_their_region(deployed: Deployed) -> None:
    client = deployed.client("elbv2")
    balancers = client.describe_load_balancers()["LoadBalancers"]
    listeners = [
        each
        for balancer in balancers
        for each in client.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    ]
    policy = security_policy(Target.APPLICATION_LOAD_BALANCER, MinimumTls.TLS_1_2)

    assert sorted((each["Protocol"], each["Port"], each.get("SslPolicy")) for each in listeners) == [
        ("HTTP", 80, None),
        ("HTTPS", 443, policy),
        ("TLS", 443, policy),
    ]
    served = [each["Certificates"][0]["CertificateArn"] for each in listeners if each["Protocol"] != "HTTP"]
    assert served == [deployed.here] * 2


def test_apis_answer_under_their_own_names(deployed: Deployed) -> None:
    rest = deployed.client("apigateway").get_domain_name(domainName="api.example.com")
    edge = deployed.client("apigateway").get_domain_name(domainName="edge.example.com")
    (http,) = deployed.client("apigatewayv2").get_domain_name(DomainName="http.example.com")["DomainNameConfigurations"]

    assert (rest["regionalCertificateArn"], rest["endpointAccessMode"]) == (deployed.here, "STRICT")
    assert rest["securityPolicy"] == security_policy(Target.REST_API, MinimumTls.TLS_1_2)
    assert (edge["certificateArn"], edge["endpointConfiguration"]["types"]) == (deployed.abroad, ["EDGE"])
    assert edge["securityPolicy"] == security_policy(Target.EDGE_OPTIMIZED_API, MinimumTls.TLS_1_2)
    assert (http["CertificateArn"], http["SecurityPolicy"]) == (deployed.here, "TLS_1_2")


def test_what_cloudfront_delivers_serves_the_certificate_of_us_east_1(deployed: Deployed) -> None:
    (found,) = deployed.client("cloudfront").list_distributions()["DistributionList"]["Items"]
    told = deployed.client("cloudfront").get_distribution_config(Id=found["Id"])["DistributionConfig"]
    domain = deployed.client("cognito-idp").describe_user_pool_domain(Domain="auth.example.com")["DomainDescription"]

    assert f":{EDGE}:" in deployed.abroad
    assert told["ViewerCertificate"]["ACMCertificateArn"] == deployed.abroad
    assert told["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2025"
    assert told["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert domain["CustomDomainConfig"]["CertificateArn"] == deployed.abroad


def test_names_lead_to_what_aws_calls_the_services(deployed: Deployed) -> None:
    records = deployed.client("route53").list_resource_record_sets(HostedZoneId=deployed.zone_id)["ResourceRecordSets"]
    aliases = {
        (each["Name"], each["Type"]): each["AliasTarget"]["DNSName"] for each in records if "AliasTarget" in each
    }
    (balancer,) = deployed.client("elbv2").describe_load_balancers()["LoadBalancers"][:1]
    (distribution,) = deployed.client("cloudfront").list_distributions()["DistributionList"]["Items"]

    assert aliases["www.example.com.", "AAAA"].rstrip(".") == distribution["DomainName"]
    assert balancer["DNSName"].lower() in {name.rstrip(".").lower() for name in aliases.values()}
    assert len(aliases) == 8
