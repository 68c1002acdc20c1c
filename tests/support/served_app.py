"""An app of two Regions in which every service serves a certificate; without constructs that make certificates."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk.interfaces.aws_certificatemanager import CertificateReference
from constructs import Construct

from constructs_lib.guardrails.plugin import guard_certificates
from constructs_lib.serving.http_api_domain import HttpApiDomain
from constructs_lib.serving.https_listener import HttpsListener
from constructs_lib.serving.rest_api_domain import RestApiDomain
from constructs_lib.serving.secure_distribution import SecureDistribution
from constructs_lib.serving.tls_listener import TlsListener
from constructs_lib.serving.user_pool_domain import UserPoolDomain
from constructs_lib.wiring.certificate_facts import CertificateFacts, KeyAlgorithm, Renewal
from tests.conftest import FLAGS, validator
from tests.support.findings import COLLECT_ONLY, Finding, add_packs, collect_findings

ACCOUNT, HOME, EDGE = "111122223333", "eu-central-1", "us-east-1"
NAMES_ABROAD = ("www.example.com", "auth.example.com", "edge.example.com")
ELSEWHERE_ARN = f"arn:aws:acm:{EDGE}:{ACCOUNT}:certificate/12345678-1234-1234-1234-123456789012"


@jsii.implements(acm.ICertificate)
class StandIn(cdk.Resource):
    """A certificate that tells its facts, as those of this library do."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *names: str,
        key_algorithm: KeyAlgorithm | None = None,
        zone_id: str | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self._names, self._algorithm = names, key_algorithm
        option = acm.CfnCertificate.DomainValidationOptionProperty
        self._resource = acm.CfnCertificate(
            self,
            "Resource",
            domain_name=names[0],
            subject_alternative_names=list(names[1:]),
            validation_method="DNS",
            domain_validation_options=[option(domain_name=name, hosted_zone_id=zone_id) for name in names if zone_id],
        )
        cdk.CrossStackReferences.of(self._resource).produce(cdk.ReferenceStrength.WEAK)

    @property
    def certificate_arn(self) -> str:
        return self._resource.ref

    @property
    def certificate_ref(self) -> CertificateReference:
        return CertificateReference(certificate_arn=self.certificate_arn)

    def metric_days_to_expiry(self, **options: Any) -> cloudwatch.Metric:
        return cloudwatch.Metric(namespace="AWS/CertificateManager", metric_name="DaysToExpiry", **options)

    @property
    def certificate_facts(self) -> CertificateFacts:
        region = cdk.Stack.of(self).region
        return CertificateFacts(
            domain_names=self._names,
            key_algorithm=self._algorithm,
            renewal=Renewal.BY_ACM,
            region=None if cdk.Token.is_unresolved(region) else region,
        )


@dataclass(frozen=True)
class Served:
    """Templates by the name of their stacks, before which of them each is deployed, and what all packs found.

    The folder is the cloud assembly.
    """

    templates: dict[str, dict[str, Any]]
    waits_for: dict[str, list[str]]
    findings: list[Finding]
    folder: str

    def only(self, kind: str) -> dict[str, Any]:
        """Return the properties of the only resource of a type where everything is served."""
        (found,) = self.of_type(kind).values()
        return found

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return the properties of all resources of a type where everything is served, by logical id."""
        resources = self.templates["Shop"]["Resources"]
        return {name: each["Properties"] for name, each in resources.items() if each["Type"] == kind}


def new_app(**context: object) -> cdk.App:
    """Return an app as this project's own is configured, without what only its users read."""
    told = {**FLAGS, **context}
    return cdk.App(analytics_reporting=False, tree_metadata=False, context=told, **validator())


def new_stack(
    app: cdk.App | None = None, name: str = "Shop", region: str | None = HOME, account: str = ACCOUNT
) -> cdk.Stack:
    """Return a stack of a Region, or of one that nobody knows."""
    env = cdk.Environment(account=account, region=region) if region else None
    return cdk.Stack(app or new_app(), name, env=env)


def network_of(stack: cdk.Stack) -> ec2.IVpc:
    """Return an imported network."""
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Network",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=["a", "b"],
        public_subnet_ids=["subnet-0123456789abcdef1", "subnet-0123456789abcdef2"],
        private_subnet_ids=["subnet-0123456789abcdef3", "subnet-0123456789abcdef4"],
    )


def zone_of(stack: cdk.Stack, name: str = "example.com", zone_id: str = "Z1") -> route53.IHostedZone:
    """Return an imported zone."""
    return route53.HostedZone.from_hosted_zone_attributes(stack, "Zone", hosted_zone_id=zone_id, zone_name=name)


def behavior(**told: Any) -> cloudfront.BehaviorOptions:
    """Return what becomes of requests: they go to an origin."""
    return cloudfront.BehaviorOptions(origin=origins.HttpOrigin("origin.example.com"), **told)


def regional_api(stack: cdk.Stack, name: str = "RestApi") -> apigateway.RestApi:
    """Return a Regional REST API."""
    return _rest_api(stack, name, apigateway.EndpointType.REGIONAL)


def edge_optimized_api(stack: cdk.Stack, name: str = "EdgeApi") -> apigateway.RestApi:
    """Return a REST API that CloudFront delivers."""
    return _rest_api(stack, name, apigateway.EndpointType.EDGE)


def _rest_api(stack: cdk.Stack, name: str, endpoint: apigateway.EndpointType) -> apigateway.RestApi:
    api = apigateway.RestApi(stack, name, endpoint_types=[endpoint], cloud_watch_role=False)
    api.root.add_method("GET", apigateway.MockIntegration())
    return api


@cache
def served() -> Served:
    """Return what is synthesised, with all packs and the guardrails looking on, once in a process."""
    app = new_app(**COLLECT_ONLY)
    add_packs(app)
    guard_certificates(app)
    edge, shop = new_stack(app, "Certificates", EDGE), new_stack(app, "Shop", HOME)
    serve(
        shop,
        abroad=StandIn(edge, "Abroad", *NAMES_ABROAD, key_algorithm=KeyAlgorithm.ECDSA_P256),
        here=StandIn(shop, "Here", "*.example.com", "example.com", key_algorithm=KeyAlgorithm.ECDSA_P384),
        zone=zone_of(shop),
    )
    findings = collect_findings(app)
    assembly = app.synth()
    stacks = assembly.stacks
    return Served(
        {each.stack_name: each.template for each in stacks},
        {each.node.id: [other.node.id for other in each.dependencies] for each in (edge, shop)},
        findings,
        assembly.directory,
    )


def serve(shop: cdk.Stack, *, abroad: StandIn, here: StandIn, zone: route53.IHostedZone) -> None:
    """Define everything that serves: what CloudFront delivers with a certificate from abroad, the rest with another."""
    network = network_of(shop)
    _listen(shop, network, here, zone)
    _answer_calls(shop, here, zone)
    RestApiDomain(
        shop,
        "Edge",
        domain_name="edge.example.com",
        certificate=abroad,
        api=edge_optimized_api(shop),
        hosted_zone=zone,
    )
    _deliver(shop, abroad, zone)


def _listen(shop: cdk.Stack, network: ec2.IVpc, here: StandIn, zone: route53.IHostedZone) -> None:
    HttpsListener(
        shop,
        "Https",
        load_balancer=elbv2.ApplicationLoadBalancer(shop, "Application", vpc=network),
        certificates=[here],
        domain_names=["shop.example.com"],
        open_to=[ec2.Peer.ipv4("10.0.0.0/8")],
        default_action=elbv2.ListenerAction.fixed_response(404),
        hosted_zone=zone,
    )
    TlsListener(
        shop,
        "Tls",
        load_balancer=elbv2.NetworkLoadBalancer(shop, "NetworkBalancer", vpc=network),
        certificates=[here],
        domain_names=["mail.example.com"],
        alpn_policy=elbv2.AlpnPolicy.HTTP2_PREFERRED,
        default_target_groups=[elbv2.NetworkTargetGroup(shop, "Servers", vpc=network, port=443)],
        hosted_zone=zone,
    )


def _answer_calls(shop: cdk.Stack, here: StandIn, zone: route53.IHostedZone) -> None:
    RestApiDomain(
        shop, "Rest", domain_name="api.example.com", certificate=here, api=regional_api(shop), hosted_zone=zone
    )
    HttpApiDomain(
        shop,
        "Http",
        domain_name="http.example.com",
        certificate=here,
        api=apigatewayv2.HttpApi(shop, "HttpApi"),
        hosted_zone=zone,
    )


def _deliver(shop: cdk.Stack, abroad: StandIn, zone: route53.IHostedZone) -> None:
    SecureDistribution(
        shop,
        "Site",
        certificate=abroad,
        domain_names=["www.example.com"],
        geo_restriction=cloudfront.GeoRestriction.allowlist("DE"),
        web_acl_id=f"arn:aws:wafv2:{EDGE}:{shop.account}:global/webacl/own/12345678-1234-1234-1234-123456789012",
        log_bucket=s3.Bucket.from_bucket_name(shop, "Logs", "own-logs"),
        default_behavior=behavior(),
        additional_behaviors={"/static/*": behavior(viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY)},
        hosted_zone=zone,
    )
    UserPoolDomain(
        shop,
        "Auth",
        domain_name="auth.example.com",
        certificate=abroad,
        user_pool=cognito.UserPool(shop, "Pool"),
        hosted_zone=zone,
    )
