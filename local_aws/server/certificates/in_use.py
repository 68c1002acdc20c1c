"""Which resources a certificate is served by: `InUseBy`.

https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html. AWS lists load balancers, not their
listeners; for a regional domain of API Gateway and for Cognito it lists a load balancer or a distribution of AWS's own,
and here the domain.
"""

from collections.abc import Iterator

from ministack.core.responses import get_account_id
from ministack.services import alb, apigateway_v1, cloudfront, cognito

from local_aws.server.late_modules import is_loaded


def users_of(arn: str) -> list[str]:
    """Return the ARNs of the resources of this account that serve a certificate, each once."""
    return sorted({*_load_balancers(arn), *_distributions(arn), *_domains(arn), *_user_pools(arn)})


def _load_balancers(arn: str) -> Iterator[str]:
    if is_loaded(alb):
        for listener in alb._listeners.values():
            further = listener.get("AdditionalCertificates", {}).values()
            if any(arn in each for each in (listener.get("Certificates", ()), *further)):
                yield str(listener["LoadBalancerArn"])


def _distributions(arn: str) -> Iterator[str]:
    if is_loaded(cloudfront):
        for each in cloudfront._distributions.values():
            if arn in str(each):
                yield str(each["ARN"])


def _domains(arn: str) -> Iterator[str]:
    if is_loaded(apigateway_v1):
        # The certificate of an edge-optimized domain is in us-east-1, the domain anywhere.
        for (account, region, name), each in apigateway_v1._domain_names._data.items():
            if account == get_account_id() and arn in {each.get("certificateArn"), each.get("regionalCertificateArn")}:
                yield f"arn:aws:apigateway:{region}::/domainnames/{name}"


def _user_pools(arn: str) -> Iterator[str]:
    if is_loaded(cognito):
        # The certificate of a domain is in us-east-1, its user pool anywhere.
        for (account, _, _), pool in cognito._user_pools._data.items():
            if account == get_account_id() and pool.get("_custom_domain_config", {}).get("CertificateArn") == arn:
                yield str(pool["Arn"])
