"""Rule: a certificate is of the Region in which its service looks for it, or the deployment fails.

CloudFront, and what it delivers for Amplify, API Gateway, AppSync and Cognito, takes certificates of us-east-1; load
balancers and Regional domains those of their own Region. What other services take is not looked at.
https://docs.aws.amazon.com/acm/latest/userguide/acm-regions.html
https://docs.aws.amazon.com/appsync/latest/devguide/custom-domain-name.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-amplify-domain-certificatesettings.html
"""

from collections.abc import Iterator
from dataclasses import dataclass

from constructs_lib.guardrails.references import References, region_in
from constructs_lib.guardrails.served_certificates import Served
from constructs_lib.guardrails.template_values import Located
from constructs_lib.guardrails.tls_policies import (
    DISTRIBUTION,
    HTTP_DOMAIN,
    LISTENER,
    REST_DOMAIN,
    USER_POOL_DOMAIN,
)

GLOBAL = "us-east-1"
_OF_CLOUDFRONT = frozenset({
    "AWS::Amplify::Domain",
    "AWS::AppSync::DomainName",
    "AWS::CloudFront::DistributionTenant",
    DISTRIBUTION,
    USER_POOL_DOMAIN,
})
_OF_ITS_REGION = frozenset({
    "AWS::ElasticLoadBalancing::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::ListenerCertificate",
    HTTP_DOMAIN,
    LISTENER,
    REST_DOMAIN,
})
_EDGE = "CertificateArn"
"""What an edge-optimized domain of API Gateway calls its certificate; a Regional one says `RegionalCertificateArn`."""


@dataclass(frozen=True)
class FromAfar:
    """A certificate that its service will not find.

    Attributes:
        place: What serves it.
        certificate: The certificate, or None if the app does not define it.
        arn: Its ARN as text.
        region: The Region where it is.
        wanted: The Region where it must be.
    """

    place: Located
    certificate: Located | None
    arn: str
    region: str
    wanted: str


def certificates_of_another_region(references: References, served: list[Served]) -> Iterator[FromAfar]:
    """Yield certificates that are known to be of another Region than their service wants.

    Args:
        references: Of the app.
        served: What its resources serve.
    """
    for each in served:
        wanted, found = _wanted(references, each.by), _region(references, each)
        if wanted and found and wanted != found:
            yield FromAfar(each.by, each.certificate, each.arn, found, wanted)


def _wanted(references: References, place: Located) -> str:
    kind = references.templates.resource(place).get("Type")
    is_edge = kind == REST_DOMAIN and _EDGE in references.templates.properties(place)
    if kind in _OF_CLOUDFRONT or is_edge:
        return GLOBAL
    return references.templates.stack(place.template).region if kind in _OF_ITS_REGION else ""


def _region(references: References, served: Served) -> str:
    if served.certificate is not None:
        return references.templates.stack(served.certificate.template).region
    region = region_in(served.arn)
    return "" if "${" in region else region
