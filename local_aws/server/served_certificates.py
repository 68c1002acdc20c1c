"""A resource serves a certificate that is there, issued, in the right Region and for its names, or it is not made.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html
https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateDistribution.html and the guides to custom domains
of API Gateway and Cognito. Only the texts of load balancing and CloudFront are AWS's own; ministack takes any ARN.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import acm
from ministack.services.cloudformation import provisioners

from local_aws.server.late_modules import is_loaded

_CLOUDFRONT_REGION = "us-east-1"
_Properties = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class _Served:
    """A certificate that a resource names, where it must be, and the names that it serves there, if these count."""

    arn: str
    region: str
    names: tuple[str, ...] = ()
    missing: str
    unusable: str
    other_name: str = ""


def extend() -> None:
    """Stand before the handlers of whatever serves a certificate."""
    for resource_type, served in _SERVING.items():
        row = provisioners._RESOURCE_HANDLERS[resource_type]
        row["create"] = _checking(row["create"], served, at=1)
        row["update"] = _checking(row["update"], served, at=2)


def _checking(
    handler: Callable[..., Any], served: Callable[[_Properties], Iterator[_Served]], *, at: int
) -> Callable[..., Any]:
    def handle(*arguments: Any) -> Any:  # noqa: ANN401  # a row's functions differ in their arguments
        for each in served(arguments[at]):
            # One of IAM has no Region, and nobody here knows it.
            if each.arn.startswith("arn:aws:acm:"):
                _check(each)
        return handler(*arguments)

    return handle


def _check(served: _Served) -> None:
    found = _record(served)
    if found is None:
        raise ValueError(served.missing)
    if found["Status"] != "ISSUED":
        raise ValueError(served.unusable)
    for name in served.names:
        if not any(_covers(each, name) for each in found["SubjectAlternativeNames"]):
            raise ValueError(f"{served.other_name} ({name})")


def _record(served: _Served) -> dict[str, Any] | None:
    if not is_loaded(acm) or served.arn.split(":")[3] != served.region:
        return None
    # What a certificate is by now is known once ministack's ACM is there.
    from local_aws.server.certificates.issuing import settle  # noqa: PLC0415

    found: dict[str, Any] | None = acm._certificates.get_scoped(get_account_id(), served.region, served.arn)
    return None if found is None else settle(found)


def _covers(covering: str, name: str) -> bool:
    covering, name = covering.lower(), name.lower()
    return covering == name or (covering.startswith("*.") and name.partition(".")[2] == covering.removeprefix("*."))


def _of_listener(properties: _Properties) -> Iterator[_Served]:
    for each in properties.get("Certificates") or ():
        arn = str(each.get("CertificateArn", ""))
        yield _Served(
            arn=arn,
            region=get_region(),
            missing=f"Certificate '{arn}' not found",
            unusable=(
                f"The certificate '{arn}' must have a fully-qualified domain name, a supported signature, and a "
                "supported key size."
            ),
        )


def _of_distribution(properties: _Properties) -> Iterator[_Served]:
    config = properties.get("DistributionConfig") or {}
    arn = str((config.get("ViewerCertificate") or {}).get("AcmCertificateArn", ""))
    refused = (
        "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a "
        "valid certificate chain."
    )
    yield _Served(
        arn=arn,
        region=_CLOUDFRONT_REGION,
        names=tuple(config.get("Aliases") or ()),
        missing=refused,
        unusable=refused,
        other_name=(
            "The certificate that is attached to your distribution doesn't cover the alternate domain name (CNAME) "
            "that you're trying to add."
        ),
    )


def _of_rest_domain(properties: _Properties) -> Iterator[_Served]:
    name = str(properties.get("DomainName", ""))
    for argument, region in (("RegionalCertificateArn", get_region()), ("CertificateArn", _CLOUDFRONT_REGION)):
        yield _of_domain(str(properties.get(argument, "")), region, name)


def _of_http_domain(properties: _Properties) -> Iterator[_Served]:
    for each in properties.get("DomainNameConfigurations") or ():
        yield _of_domain(str(each.get("CertificateArn", "")), get_region(), str(properties.get("DomainName", "")))


def _of_user_pool_domain(properties: _Properties) -> Iterator[_Served]:
    arn = str((properties.get("CustomDomainConfig") or {}).get("CertificateArn", ""))
    yield _of_domain(arn, _CLOUDFRONT_REGION, str(properties.get("Domain", "")))


def _of_domain(arn: str, region: str, name: str) -> _Served:
    return _Served(
        arn=arn,
        region=region,
        names=(name,),
        missing=f"Certificate {arn} does not exist in {region}",
        unusable=f"Certificate {arn} is not issued",
        other_name=f"Certificate {arn} does not cover the domain name",
    )


_SERVING: Mapping[str, Callable[[_Properties], Iterator[_Served]]] = {
    "AWS::ElasticLoadBalancingV2::Listener": _of_listener,
    "AWS::ElasticLoadBalancingV2::ListenerCertificate": _of_listener,
    "AWS::CloudFront::Distribution": _of_distribution,
    "AWS::ApiGateway::DomainName": _of_rest_domain,
    "AWS::ApiGatewayV2::DomainName": _of_http_domain,
    "AWS::Cognito::UserPoolDomain": _of_user_pool_domain,
}
