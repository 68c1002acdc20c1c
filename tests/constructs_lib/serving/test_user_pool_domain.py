"""UserPoolDomain: what is told otherwise than by default, and what is refused."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cognito as cognito

from constructs_lib import ConfigurationError
from constructs_lib.serving.tls_policy import MinimumTls
from constructs_lib.serving.user_pool_domain import UserPoolDomain
from tests.support.served_app import EDGE, HOME, StandIn, new_stack


def told(stack: cdk.Stack, **changed: Any) -> dict[str, Any]:
    return {
        "domain_name": "auth.example.com",
        "certificate": StandIn(stack, "Certificate", "*.example.com", "example.com"),
        "user_pool": cognito.UserPool.from_user_pool_id(stack, "Pool", "eu-central-1_abc"),
        **changed,
    }


@pytest.mark.parametrize(
    ("version", "number"),
    [
        (None, None),
        (cognito.ManagedLoginVersion.CLASSIC_HOSTED_UI, 1),
        (cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN, 2),
    ],
    ids=["untold", "classic", "newer"],
)
def test_shows_the_pages_that_it_is_told_to(version: cognito.ManagedLoginVersion | None, number: int | None) -> None:
    stack = new_stack(region=EDGE)
    domain = UserPoolDomain(stack, "Domain", **told(stack), managed_login_version=version)

    assert domain.resource.managed_login_version == number
    assert (domain.domain_name, domain.url) == ("auth.example.com", "https://auth.example.com")


def test_speaks_tls_1_3_alone_if_told_so() -> None:
    stack = new_stack(region=EDGE)
    domain = UserPoolDomain(stack, "Domain", **told(stack), minimum_tls=MinimumTls.TLS_1_3)
    config = domain.resource.custom_domain_config

    assert isinstance(config, cognito.CfnUserPoolDomain.CustomDomainConfigTypeProperty)
    assert config.security_policy == "TLS_V1_3_2025"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"domain_name": "*.example.com"}, r"domain_name must be no wildcard for a domain of a Cognito user pool"),
        ({"user_pool": "eu-central-1_abc"}, "user_pool must be a user pool, got 'eu-central-1_abc'"),
        ({"domain_name": "auth.example.org"}, "domain names must be names of the certificate"),
    ],
    ids=["wildcard", "user_pool", "name"],
)
def test_refuses_what_does_not_fit(changed: dict[str, Any], said: str) -> None:
    stack = new_stack(region=EDGE)

    with pytest.raises(ConfigurationError, match=said):
        UserPoolDomain(stack, "Domain", **told(stack, **changed))


def test_refuses_a_certificate_of_another_region() -> None:
    stack = new_stack(region=HOME)

    with pytest.raises(ConfigurationError, match=r"must be in us-east-1, .* Shop/Certificate in eu-central-1"):
        UserPoolDomain(stack, "Domain", **told(stack))
