"""What serves a certificate, said in words: which service, which names, which TLS."""

from collections.abc import Mapping
from dataclasses import dataclass

from constructs_lib.guardrails.names_in_texts import name_of
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import Located
from constructs_lib.guardrails.tls_policies import (
    DISTRIBUTION,
    HTTP_DOMAIN,
    LISTENER,
    REST_DOMAIN,
    USER_POOL_DOMAIN,
    policies_of,
)
from constructs_lib.guardrails.values_at import values_at
from constructs_lib.inventory.listed_certificate import CertificateUse


@dataclass(frozen=True)
class _Service:
    called: str
    names: str = ""


_SERVICES: Mapping[str, _Service] = {
    LISTENER: _Service("listener of a load balancer"),
    "AWS::ElasticLoadBalancingV2::ListenerCertificate": _Service("further certificate of a listener"),
    "AWS::ElasticLoadBalancing::LoadBalancer": _Service("Classic Load Balancer"),
    DISTRIBUTION: _Service("CloudFront distribution", "DistributionConfig.Aliases"),
    REST_DOMAIN: _Service("domain of REST APIs", "DomainName"),
    HTTP_DOMAIN: _Service("domain of HTTP APIs", "DomainName"),
    USER_POOL_DOMAIN: _Service("domain of a Cognito user pool", "Domain"),
    "AWS::AppSync::DomainName": _Service("domain of a GraphQL API", "DomainName"),
    "AWS::OpenSearchService::Domain": _Service("OpenSearch domain", "DomainEndpointOptions.CustomEndpoint"),
}


def certificate_use(references: References, place: Located) -> CertificateUse:
    """Return what a resource that serves a certificate is.

    Args:
        references: Of the app.
        place: The resource.
    """
    templates, properties = references.templates, references.templates.properties(place)
    kind = str(templates.resource(place).get("Type", ""))
    service = _SERVICES.get(kind, _Service(kind))
    names = values_at(properties, service.names) if service.names else []
    told = [references.text(place.template, properties[name]) for name in ("Protocol", "Port") if name in properties]
    port = f" ({' '.join(told)})" if kind == LISTENER and told else ""
    return CertificateUse(
        path=name_of(templates, place),
        what=f"{service.called}{port}",
        domain_names=tuple(references.text(place.template, name) for name in names),
        tls_policies=tuple(policies_of(references, place)),
        region=templates.stack(place.template).region,
    )
