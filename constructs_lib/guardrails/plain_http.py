"""Rule: what serves a certificate does not give the same without one.

A load balancer with a listener for TLS has no listener that forwards plain HTTP, and none for TCP on port 80, which
would do the same. A Classic Load Balancer cannot redirect, so it has none for HTTP at all. A distribution with a
certificate answers HTTP with a redirect or not at all.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html#redirect-actions
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-listener-config.html
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-viewers-to-cloudfront.html

What only the deployment knows is no finding, nor is a fixed response, which gives nothing of what stands behind.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.served_certificates import Served
from constructs_lib.guardrails.template_values import Located
from constructs_lib.guardrails.tls_policies import DISTRIBUTION, LISTENER
from constructs_lib.guardrails.values_at import values_at

_RULE = "AWS::ElasticLoadBalancingV2::ListenerRule"
_CLASSIC = "AWS::ElasticLoadBalancing::LoadBalancer"
_BEHAVIORS = (
    "DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy",
    "DistributionConfig.CacheBehaviors.ViewerProtocolPolicy",
)
_HTTP, _HTTP_PORT = "HTTP", "80"
_OVER_TCP = frozenset({"TCP", "TCP_QUIC", "TCP_UDP"})


@dataclass(frozen=True)
class PlainHttp:
    """A resource that answers without TLS.

    Attributes:
        place: The resource.
        what: What it does, as it follows its name.
        remedy: What to do.
    """

    place: Located
    what: str
    remedy: str


def plain_http(references: References, served: list[Served]) -> Iterator[PlainHttp]:
    """Yield what answers plain HTTP beside a certificate.

    Args:
        references: Of the app.
        served: What its resources serve.
    """
    templates = references.templates
    serving = dict.fromkeys(each.by for each in served)
    yield from _distributions(references, [place for place in serving if _kind(references, place) == DISTRIBUTION])
    yield from _classic(references, [place for place in serving if _kind(references, place) == _CLASSIC])
    secure = {_balancer(references, place) for place in serving if _kind(references, place) == LISTENER}
    plain = [place for place, _ in templates.resources(LISTENER) if _balancer(references, place) in secure]
    for place in plain:
        properties = templates.properties(place)
        protocol = _text(references, place, properties.get("Protocol", ""))
        if _is_plain_tcp(protocol, _text(references, place, properties.get("Port", ""))):
            yield PlainHttp(place, f"takes {protocol} on port {_HTTP_PORT} beside TLS", "take this listener away")
        elif protocol == _HTTP:
            yield from _actions(references, place, properties.get("DefaultActions"))
            for rule, resource in templates.resources(_RULE):
                given = resource.get("Properties", {})
                if place in references.meant_by(rule.template, given.get("ListenerArn")):
                    yield from _actions(references, rule, given.get("Actions"))


def _distributions(references: References, places: list[Located]) -> Iterator[PlainHttp]:
    for place in places:
        properties = references.templates.properties(place)
        said = [_text(references, place, each) for path in _BEHAVIORS for each in values_at(properties, path)]
        if "allow-all" in said:
            yield PlainHttp(
                place, "answers plain HTTP beside HTTPS", "set ViewerProtocolPolicy to redirect-to-https everywhere"
            )


def _classic(references: References, places: list[Located]) -> Iterator[PlainHttp]:
    for place in places:
        for each in values_at(references.templates.properties(place), "Listeners"):
            # In whichever case: the API takes both.
            protocol = _text(references, place, each.get("Protocol", "")).upper()
            port = _text(references, place, each.get("LoadBalancerPort", ""))
            if protocol == _HTTP or _is_plain_tcp(protocol, port):
                what = f"takes {protocol} on port {port} beside TLS"
                yield PlainHttp(
                    place, what, "take that listener away, or use an Application Load Balancer, which redirects"
                )
                break


def _actions(references: References, place: Located, actions: object) -> Iterator[PlainHttp]:
    remedy = "redirect to HTTPS with status HTTP_301, and forward from the listener for HTTPS alone"
    for action in values_at({"Actions": actions}, "Actions"):
        kind = _text(references, place, action.get("Type"))
        if kind == "forward":
            yield PlainHttp(place, "forwards plain HTTP beside HTTPS", remedy)
        elif kind == "redirect" and _stays_plain(references, place, action.get("RedirectConfig", {})):
            yield PlainHttp(place, "redirects plain HTTP to plain HTTP", remedy)


def _stays_plain(references: References, place: Located, config: Mapping[str, Any]) -> bool:
    # Where nothing is said the protocol stays as it is.
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html
    return _text(references, place, config.get("Protocol", "#{protocol}")) in {_HTTP, "#{protocol}"}


def _is_plain_tcp(protocol: str, port: str) -> bool:
    return protocol in _OVER_TCP and port == _HTTP_PORT


def _kind(references: References, place: Located) -> str:
    return str(references.templates.resource(place).get("Type", ""))


def _balancer(references: References, place: Located) -> str:
    return _text(references, place, references.templates.properties(place).get("LoadBalancerArn", ""))


def _text(references: References, place: Located, value: object) -> str:
    return references.text(place.template, value)
