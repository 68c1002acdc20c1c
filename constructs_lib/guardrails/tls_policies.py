"""Rule: what serves a certificate negotiates no TLS older than 1.2.

What is old stands in a table: the policies that take TLS 1.0 or 1.1, or SSL, as the page of each service says. The
default of a service counts where its page documents one for CloudFormation; for distributions and for domains of
API Gateway and Cognito none does. A distribution with a certificate must say its policy, as its page demands, and is
found where it says none; of domains that say none nothing is known.
https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ViewerCertificate.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.served_certificates import Served
from constructs_lib.guardrails.template_values import Located
from constructs_lib.guardrails.values_at import values_at

LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
DISTRIBUTION = "AWS::CloudFront::Distribution"
REST_DOMAIN = "AWS::ApiGateway::DomainName"
HTTP_DOMAIN = "AWS::ApiGatewayV2::DomainName"
USER_POOL_DOMAIN = "AWS::Cognito::UserPoolDomain"


@dataclass(frozen=True, kw_only=True)
class TlsChoice:
    """Where resources of a type say which TLS they negotiate.

    Attributes:
        path: The property.
        unsaid: What the service takes where nothing is said; empty if its page does not tell, and None if its page
            demands that something is said.
        old: The policies that take less than TLS 1.2.
        instead: What to set.
    """

    path: str
    unsaid: str | None = ""
    old: frozenset[str]
    instead: str


TLS_CHOICES: Mapping[str, TlsChoice] = {
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html
    LISTENER: TlsChoice(
        path="SslPolicy",
        unsaid="ELBSecurityPolicy-2016-08",
        old=frozenset({
            "ELBSecurityPolicy-2015-05",
            "ELBSecurityPolicy-2016-08",
            "ELBSecurityPolicy-FS-1-1-2019-08",
            "ELBSecurityPolicy-FS-2018-06",
            "ELBSecurityPolicy-TLS-1-0-2015-04",
            "ELBSecurityPolicy-TLS-1-1-2017-01",
            "ELBSecurityPolicy-TLS13-1-0-2021-06",
            "ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04",
            "ELBSecurityPolicy-TLS13-1-0-FIPS-PQ-2025-09",
            "ELBSecurityPolicy-TLS13-1-0-PQ-2025-09",
            "ELBSecurityPolicy-TLS13-1-1-2021-06",
            "ELBSecurityPolicy-TLS13-1-1-FIPS-2023-04",
        }),
        instead="ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    ),
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html
    DISTRIBUTION: TlsChoice(
        path="DistributionConfig.ViewerCertificate.MinimumProtocolVersion",
        unsaid=None,
        old=frozenset({"SSLv3", "TLSv1", "TLSv1.1_2016", "TLSv1_2016"}),
        instead="TLSv1.2_2025 or TLSv1.3_2025",
    ),
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html
    REST_DOMAIN: TlsChoice(
        path="SecurityPolicy", old=frozenset({"TLS_1_0"}), instead="SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09"
    ),
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-custom-domain-names.html
    HTTP_DOMAIN: TlsChoice(
        path="DomainNameConfigurations.SecurityPolicy", old=frozenset({"TLS_1_0"}), instead="TLS_1_2"
    ),
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CustomDomainConfigType.html
    USER_POOL_DOMAIN: TlsChoice(
        path="CustomDomainConfig.SecurityPolicy",
        old=frozenset({"TLS_V1"}),
        instead="TLS_V1_2_2021 or TLS_V1_3_2025",
    ),
}
"""Resource type to where it says its TLS policy."""


@dataclass(frozen=True)
class OldTls:
    """A resource that negotiates old TLS, or does not say that it does not.

    Attributes:
        place: The resource.
        policy: The policy; empty if it names none and no page tells which it then has.
        is_unsaid: Whether it names none.
        instead: What to set.
    """

    place: Located
    policy: str
    is_unsaid: bool
    instead: str


def policies_of(references: References, place: Located) -> list[str]:
    """Return the TLS policies of a resource, said or known to be its service's default.

    Args:
        references: Of the app.
        place: The resource.
    """
    choice = TLS_CHOICES.get(references.templates.resource(place).get("Type", ""))
    if choice is None:
        return []
    said = _said(references, place, choice)
    return said or ([choice.unsaid] if choice.unsaid else [])


def old_tls(references: References, served: list[Served]) -> Iterator[OldTls]:
    """Yield what serves a certificate, whosever it is, with old TLS.

    Args:
        references: Of the app.
        served: What its resources serve.
    """
    for place in dict.fromkeys(each.by for each in served):
        choice = TLS_CHOICES.get(references.templates.resource(place).get("Type", ""))
        if choice is None:
            continue
        said = _said(references, place, choice)
        if not said and choice.unsaid is None:
            yield OldTls(place, "", is_unsaid=True, instead=choice.instead)
        for policy in policies_of(references, place):
            if policy in choice.old:
                yield OldTls(place, policy, is_unsaid=not said, instead=choice.instead)


def _said(references: References, place: Located, choice: TlsChoice) -> list[str]:
    found = values_at(references.templates.properties(place), choice.path)
    return [references.text(place.template, value) for value in found]
