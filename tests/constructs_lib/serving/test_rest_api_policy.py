"""The security policy of a REST API itself."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2

from constructs_lib import ConfigurationError
from constructs_lib.serving.rest_api_policy import endpoint_of, resource_of, settle_policy
from constructs_lib.serving.tls_policy import MinimumTls, security_policy
from constructs_lib.wiring.certificate_targets import Target
from tests.support.served_app import new_stack

POLICY = security_policy(Target.REST_API, MinimumTls.TLS_1_2)
STRICTER = security_policy(Target.REST_API, MinimumTls.TLS_1_3)


@pytest.fixture
def stack() -> cdk.Stack:
    return new_stack()


def api_of(stack: cdk.Stack, **told: Any) -> apigateway.CfnRestApi:
    return apigateway.CfnRestApi(stack, "Api", **told)


def types(*kinds: str) -> apigateway.CfnRestApi.EndpointConfigurationProperty:
    return apigateway.CfnRestApi.EndpointConfigurationProperty(types=list(kinds))


def test_an_api_that_says_nothing_is_edge_optimized(stack: cdk.Stack) -> None:
    assert endpoint_of(api_of(stack)) is Target.EDGE_OPTIMIZED_API


def test_an_api_says_that_it_is_regional(stack: cdk.Stack) -> None:
    assert endpoint_of(api_of(stack, endpoint_configuration=types("REGIONAL"))) is Target.REST_API


@pytest.mark.parametrize("kinds", [("PRIVATE",), ("EDGE", "REGIONAL")], ids=["private", "both"])
def test_refuses_an_api_without_one_public_endpoint(stack: cdk.Stack, kinds: tuple[str, ...]) -> None:
    with pytest.raises(
        ConfigurationError, match=f"must be one endpoint type of REGIONAL, EDGE, got Shop/Api with {', '.join(kinds)}"
    ):
        endpoint_of(api_of(stack, endpoint_configuration=types(*kinds)))


def test_an_api_without_a_policy_gets_that_of_its_domain(stack: cdk.Stack) -> None:
    api = api_of(stack)
    settle_policy(api, POLICY, MinimumTls.TLS_1_2)

    assert (api.security_policy, api.endpoint_access_mode) == (POLICY, "STRICT")


def test_an_api_keeps_a_policy_that_is_as_strict_and_its_access_mode(stack: cdk.Stack) -> None:
    api = api_of(stack, security_policy=STRICTER, endpoint_access_mode="BASIC")
    settle_policy(api, POLICY, MinimumTls.TLS_1_2)

    assert (api.security_policy, api.endpoint_access_mode) == (STRICTER, "BASIC")


@pytest.mark.parametrize(
    ("own", "minimum"),
    [("TLS_1_0", MinimumTls.TLS_1_2), ("TLS_1_2", MinimumTls.TLS_1_2), (POLICY, MinimumTls.TLS_1_3)],
    ids=["TLS 1.0", "TLS 1.2 with old suites", "TLS 1.2 where 1.3 is wanted"],
)
def test_refuses_an_api_that_admits_older_tls(stack: cdk.Stack, own: str, minimum: MinimumTls) -> None:
    wanted = security_policy(Target.REST_API, minimum)

    with pytest.raises(
        ConfigurationError, match=f"api must have a security policy such as {wanted} .* got Shop/Api with {own}"
    ):
        settle_policy(api_of(stack, security_policy=own), wanted, minimum)


def test_refuses_an_api_that_cannot_be_given_a_policy(stack: cdk.Stack) -> None:
    given = apigateway.RestApi.from_rest_api_id(stack, "Imported", "abc123")

    with pytest.raises(ConfigurationError, match=r"api must be a REST API of this app, .* Shop/Imported"):
        resource_of(given)


def test_refuses_an_http_api(stack: cdk.Stack) -> None:
    given: Any = apigatewayv2.HttpApi(stack, "Http")

    with pytest.raises(ConfigurationError, match="got a HttpApi Shop/Http; an HTTP API takes HttpApiDomain"):
        resource_of(given)
