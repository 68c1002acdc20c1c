"""The security policy that each service gets: the newest that AWS recommends, post-quantum where one is offered."""

from collections.abc import Mapping
from enum import Enum

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.certificate_targets import Target


class MinimumTls(Enum):
    """The oldest TLS that clients may speak. All policies offer TLS 1.3.

    With TLS 1.2 none but cipher suites with forward secrecy and authenticated encryption are offered, except for HTTP
    APIs, where AWS offers no choice.
    """

    TLS_1_2 = "TLS 1.2"
    TLS_1_3 = "TLS 1.3"


# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
_ELB = {
    MinimumTls.TLS_1_2: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    MinimumTls.TLS_1_3: "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
}
SECURITY_POLICIES: Mapping[Target, Mapping[MinimumTls, str]] = {
    Target.APPLICATION_LOAD_BALANCER: _ELB,
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html
    Target.NETWORK_LOAD_BALANCER: _ELB,
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html
    Target.REST_API: {
        MinimumTls.TLS_1_2: "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09",
        MinimumTls.TLS_1_3: "SecurityPolicy_TLS13_1_3_2025_09",
    },
    Target.EDGE_OPTIMIZED_API: {
        MinimumTls.TLS_1_2: "SecurityPolicy_TLS12_PFS_2025_EDGE",
        MinimumTls.TLS_1_3: "SecurityPolicy_TLS13_2025_EDGE",
    },
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-ciphers.html
    Target.HTTP_API: {MinimumTls.TLS_1_2: "TLS_1_2"},
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html
    Target.CLOUDFRONT: {MinimumTls.TLS_1_2: "TLSv1.2_2025", MinimumTls.TLS_1_3: "TLSv1.3_2025"},
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CustomDomainConfigType.html
    Target.COGNITO: {MinimumTls.TLS_1_2: "TLS_V1_2_2021", MinimumTls.TLS_1_3: "TLS_V1_3_2025"},
}
"""By service, and by the oldest TLS that it admits, AWS's name of the policy."""


def security_policy(target: Target, minimum: MinimumTls) -> str:
    """Return AWS's name of the policy that a service gets.

    Args:
        target: The service.
        minimum: The oldest TLS that clients may speak.

    Raises:
        ConfigurationError: If that is no `MinimumTls`, or the service has no such policy.
    """
    if not isinstance(minimum, MinimumTls):
        raise ConfigurationError(f"minimum_tls must be one of {', '.join(map(str, MinimumTls))}, got {minimum!r}")
    offered = SECURITY_POLICIES[target]
    if minimum not in offered:
        raise ConfigurationError(f"minimum_tls must be TLS 1.2 for {target.called}, got {minimum.value}")
    return offered[minimum]
