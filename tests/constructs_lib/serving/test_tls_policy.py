"""Which security policy each service gets."""

import pytest

from constructs_lib import ConfigurationError
from constructs_lib.serving.tls_policy import SECURITY_POLICIES, MinimumTls, security_policy
from constructs_lib.wiring.certificate_targets import Target

NEWEST = {
    Target.APPLICATION_LOAD_BALANCER: (
        "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
    ),
    Target.NETWORK_LOAD_BALANCER: (
        "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
    ),
    Target.REST_API: ("SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09", "SecurityPolicy_TLS13_1_3_2025_09"),
    Target.EDGE_OPTIMIZED_API: ("SecurityPolicy_TLS12_PFS_2025_EDGE", "SecurityPolicy_TLS13_2025_EDGE"),
    Target.CLOUDFRONT: ("TLSv1.2_2025", "TLSv1.3_2025"),
    Target.COGNITO: ("TLS_V1_2_2021", "TLS_V1_3_2025"),
}


@pytest.mark.parametrize("target", NEWEST, ids=lambda target: target.name)
def test_each_service_gets_the_newest_policy(target: Target) -> None:
    assert (security_policy(target, MinimumTls.TLS_1_2), security_policy(target, MinimumTls.TLS_1_3)) == NEWEST[target]


def test_every_service_has_a_policy() -> None:
    assert set(SECURITY_POLICIES) == set(Target)


def test_refuses_tls_1_3_alone_where_no_policy_says_so() -> None:
    with pytest.raises(ConfigurationError, match=r"minimum_tls must be TLS 1\.2 for a domain of an HTTP API"):
        security_policy(Target.HTTP_API, MinimumTls.TLS_1_3)


def test_refuses_what_is_no_minimum() -> None:
    with pytest.raises(ConfigurationError, match=r"minimum_tls must be one of MinimumTls\.TLS_1_2, .*, got 'TLS_1_0'"):
        security_policy(Target.CLOUDFRONT, "TLS_1_0")  # type: ignore[arg-type]
