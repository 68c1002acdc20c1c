"""Templates with certificates and what serves them, written by hand."""

from collections.abc import Mapping
from typing import Any

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.deployed_stack import DeployedStack
from constructs_lib.guardrails.references import References

ACCOUNT = "111122223333"
ELSEWHERE = "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b2c3d-0000-0000-0000-000000000000"
BALANCER = {"Ref": "Balancer"}

Resources = Mapping[str, Any]


def resource(kind: str, path: str = "", /, **properties: Any) -> dict[str, Any]:
    """Write a resource, with a construct path if one is given."""
    metadata = {"Metadata": {"aws:cdk:path": path}} if path else {}
    return {"Type": kind, "Properties": properties, **metadata}


def certificate(path: str = "", /, **properties: Any) -> dict[str, Any]:
    """Write a certificate that is validated by DNS."""
    given = {"DomainName": "example.com", "ValidationMethod": "DNS", **properties}
    return resource("AWS::CertificateManager::Certificate", path, **given)


def listener(arn: object = None, path: str = "", /, **properties: Any) -> dict[str, Any]:
    """Write a listener of the one load balancer, for HTTPS if a certificate is given."""
    kind = "AWS::ElasticLoadBalancingV2::Listener"
    if arn is None:
        return resource(kind, path, **{"LoadBalancerArn": BALANCER, "Protocol": "HTTP", "Port": 80, **properties})
    serving = {"Certificates": [{"CertificateArn": arn}], "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"}
    return resource(
        kind, path, **{"LoadBalancerArn": BALANCER, "Protocol": "HTTPS", "Port": 443, **serving, **properties}
    )


def distribution(arn: object, path: str = "", /, **config: Any) -> dict[str, Any]:
    """Write a distribution with a certificate."""
    viewer = {"AcmCertificateArn": arn, "MinimumProtocolVersion": "TLSv1.3_2025", "SslSupportMethod": "sni-only"}
    behavior = {"ViewerProtocolPolicy": "redirect-to-https"}
    whole = {"Aliases": ["example.com"], "ViewerCertificate": viewer, "DefaultCacheBehavior": behavior, **config}
    return resource("AWS::CloudFront::Distribution", path, DistributionConfig=whole)


def templates_of(regions: Mapping[str, str] | None = None, /, **stacks: Resources) -> CloudTemplates:
    """Put resources into the templates of stacks, whose Regions are told if they are known."""
    known = regions or {}
    deployed = {
        name: DeployedStack(name=name, path=name, account=ACCOUNT if name in known else "", region=known.get(name, ""))
        for name in stacks
    }
    written = {name: {"Resources": resources, "Outputs": _outputs(resources)} for name, resources in stacks.items()}
    return CloudTemplates(written, deployed)


def references_of(regions: Mapping[str, str] | None = None, /, **stacks: Resources) -> References:
    """Return the references of such templates."""
    return References(templates_of(regions, **stacks))


def from_stack(stack: str, logical_id: str, region: str) -> dict[str, Any]:
    """Refer to what another stack has put out for a resource, as a weak reference of the CDK does."""
    return {"Fn::GetStackOutput": {"StackName": stack, "OutputName": f"Out{logical_id}", "Region": region}}


def _outputs(resources: Resources) -> dict[str, Any]:
    return {f"Out{name}": {"Value": {"Ref": name}} for name in resources}
