"""All that serves a certificate, in one app of two Regions: as CloudFormation, attackers and operators see it."""

import json
from pathlib import Path

import pytest

from constructs_lib.execution_policy.least_policies import execution_policies
from constructs_lib.serving.tls_policy import MinimumTls, security_policy
from constructs_lib.wiring.certificate_targets import Target
from tests.support.findings import Finding, unacknowledged
from tests.support.served_app import Served, served

OURS = ("Shop/Https/", "Shop/Tls/", "Shop/Rest/", "Shop/Edge/", "Shop/Http/", "Shop/Site/", "Shop/Auth/")
ABROAD = {
    "Fn::GetStackOutput": {
        "StackName": "Certificates",
        "Region": "us-east-1",
        "OutputName": "PublishOutputRefAbroadFA45D9F3B0116C3A",
    }
}


@pytest.fixture(scope="module")
def scene() -> Served:
    return served()


def test_listeners_speak_the_newest_tls_and_port_80_redirects(scene: Served) -> None:
    listeners = scene.of_type("AWS::ElasticLoadBalancingV2::Listener")
    policy = security_policy(Target.APPLICATION_LOAD_BALANCER, MinimumTls.TLS_1_2)
    https, redirect, tls = listeners.values()

    assert (https["Port"], https["Protocol"], https["SslPolicy"]) == (443, "HTTPS", policy)
    assert https["ListenerAttributes"] == [
        {"Key": "routing.http.response.strict_transport_security.header_value", "Value": "max-age=31536000"}
    ]
    assert (redirect["Port"], redirect["DefaultActions"]) == (
        80,
        [{"Type": "redirect", "RedirectConfig": {"Port": "443", "Protocol": "HTTPS", "StatusCode": "HTTP_301"}}],
    )
    assert (tls["Port"], tls["Protocol"], tls["SslPolicy"], tls["AlpnPolicy"]) == (
        443,
        "TLS",
        policy,
        ["HTTP2Preferred"],
    )


def test_listeners_open_to_those_alone_who_are_told(scene: Served) -> None:
    groups = scene.of_type("AWS::EC2::SecurityGroup").values()
    (group,) = (each for each in groups if "Application" in each["GroupDescription"])

    assert [(each["CidrIp"], each["FromPort"], each["ToPort"]) for each in group["SecurityGroupIngress"]] == [
        ("10.0.0.0/8", 443, 443),
        ("10.0.0.0/8", 80, 80),
    ]


@pytest.mark.parametrize(
    ("name", "kind", "target"),
    [("api", "REGIONAL", Target.REST_API), ("edge", "EDGE", Target.EDGE_OPTIMIZED_API)],
)
def test_an_api_keeps_to_the_policy_of_its_domain(scene: Served, name: str, kind: str, target: Target) -> None:
    """It is the policy of the API that decides on connections to the domain."""
    apis = scene.of_type("AWS::ApiGateway::RestApi").values()
    (api,) = (each for each in apis if each["EndpointConfiguration"] == {"Types": [kind]})
    domains = scene.of_type("AWS::ApiGateway::DomainName").values()
    (domain,) = (each for each in domains if each["DomainName"] == f"{name}.example.com")

    assert {domain["SecurityPolicy"]} == {api["SecurityPolicy"]} == {security_policy(target, MinimumTls.TLS_1_2)}
    assert domain["EndpointAccessMode"] == api["EndpointAccessMode"] == "STRICT"
    assert domain["EndpointConfiguration"] == {"Types": [kind]}
    assert [domain.get("CertificateArn"), domain.get("RegionalCertificateArn")] == (
        [ABROAD, None] if kind == "EDGE" else [None, {"Ref": "Here6E690396"}]
    )


def test_an_http_api_has_the_only_policy_that_there_is(scene: Served) -> None:
    (told,) = scene.only("AWS::ApiGatewayV2::DomainName")["DomainNameConfigurations"]

    assert (told["SecurityPolicy"], told["EndpointType"]) == ("TLS_1_2", "REGIONAL")
    assert told["SecurityPolicy"] == security_policy(Target.HTTP_API, MinimumTls.TLS_1_2)


def test_a_distribution_answers_nobody_by_plain_http(scene: Served) -> None:
    config = scene.only("AWS::CloudFront::Distribution")["DistributionConfig"]
    (header,) = scene.of_type("AWS::CloudFront::ResponseHeadersPolicy")
    behaviors = [config["DefaultCacheBehavior"], *config["CacheBehaviors"]]

    assert [each["ViewerProtocolPolicy"] for each in behaviors] == ["redirect-to-https", "https-only"]
    assert all(each["ResponseHeadersPolicyId"] == {"Ref": header} for each in behaviors)
    assert config["ViewerCertificate"] == {
        "AcmCertificateArn": ABROAD,
        "MinimumProtocolVersion": security_policy(Target.CLOUDFRONT, MinimumTls.TLS_1_2),
        "SslSupportMethod": "sni-only",
    }
    assert scene.only("AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"][
        "SecurityHeadersConfig"
    ] == {
        "StrictTransportSecurity": {
            "AccessControlMaxAgeSec": 31_536_000,
            "IncludeSubdomains": False,
            "Override": False,
        }
    }


def test_a_user_pool_has_a_domain_with_a_policy(scene: Served) -> None:
    domain = scene.only("AWS::Cognito::UserPoolDomain")

    assert domain["Domain"] == "auth.example.com"
    assert domain["CustomDomainConfig"] == {
        "CertificateArn": ABROAD,
        "SecurityPolicy": security_policy(Target.COGNITO, MinimumTls.TLS_1_2),
    }


def test_names_lead_to_what_serves_them(scene: Served) -> None:
    records = scene.of_type("AWS::Route53::RecordSet").values()
    told = {(each["Name"], each["Type"]): each["AliasTarget"] for each in records}

    assert {each["HostedZoneId"] for each in records} == {"Z1"}
    assert {name: target["DNSName"]["Fn::GetAtt"][1] for name, target in told.items()} == {
        ("shop.example.com.", "A"): "DNSName",
        ("mail.example.com.", "A"): "DNSName",
        ("api.example.com.", "A"): "RegionalDomainName",
        ("http.example.com.", "A"): "RegionalDomainName",
        ("edge.example.com.", "A"): "DistributionDomainName",
        ("www.example.com.", "A"): "DomainName",
        ("www.example.com.", "AAAA"): "DomainName",
        ("auth.example.com.", "A"): "CloudFrontDistribution",
    }


def test_a_certificate_of_another_region_arrives_without_exports_and_custom_resources(scene: Served) -> None:
    """An export would keep a certificate from being replaced; a custom resource would be one more function."""
    certificates = scene.templates["Certificates"]
    types = {each["Type"] for template in scene.templates.values() for each in template["Resources"].values()}
    outputs = certificates["Outputs"]

    assert outputs == {ABROAD["Fn::GetStackOutput"]["OutputName"]: {"Value": {"Ref": "AbroadFA45D9F3"}}}
    assert scene.waits_for == {"Certificates": [], "Shop": ["Certificates"]}
    assert not {kind for kind in types if kind.startswith(("Custom::", "AWS::Lambda::"))}
    assert "Fn::ImportValue" not in json.dumps(scene.templates)


def test_the_least_policies_of_the_deployment_are_known_and_make_roles_of_two_services_alone(scene: Served) -> None:
    statements = [each for document in execution_policies(Path(scene.folder)) for each in document["Statement"]]
    roles = [each for each in statements if "iam:CreateServiceLinkedRole" in each["Action"]]

    assert {name for each in roles for name in each["Condition"]["StringEquals"]["iam:AWSServiceName"]} == {
        "elasticloadbalancing.amazonaws.com",
        "ops.apigateway.amazonaws.com",
    }
    assert [each["Resource"] for each in statements if "cloudfront:updateDistribution" in each["Action"]] == [["*"]]


def test_no_listener_of_the_app_serves_plain_text_or_an_old_policy(scene: Served) -> None:
    """An attacker between client and service looks for one of these."""
    resources = scene.templates["Shop"]["Resources"].values()
    listeners = [each["Properties"] for each in resources if each["Type"].endswith("::Listener")]
    served_plainly = [
        each
        for each in listeners
        if each["Protocol"] not in ("HTTPS", "TLS") and {act["Type"] for act in each["DefaultActions"]} != {"redirect"}
    ]
    text = json.dumps(scene.templates["Shop"])

    assert served_plainly == []
    assert [word for word in ("2016-08", "TLS_1_0", "allow-all", "match-viewer", "http-only") if word in text] == []


def test_nothing_here_is_left_to_answer_in_any_pack(scene: Served) -> None:
    def ours(findings: list[Finding]) -> list[Finding]:
        return [each for each in findings if each.path.startswith(OURS)]

    answered = {each.rule: each.path for each in ours(scene.findings) if each.reason is not None}

    assert ours(unacknowledged(scene.findings)) == []
    assert set(answered) == {
        f"{pack}-ELBv2ACMCertificateRequired" for pack in ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")
    }
    assert set(answered.values()) == {"Shop/Https/Redirect/Resource"}
