"""HttpApiDomain: a WebSocket API, a path, and what is refused."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2

from constructs_lib import ConfigurationError
from constructs_lib.serving.http_api_domain import HttpApiDomain
from tests.support.served_app import StandIn, new_app, new_stack


def told(stack: cdk.Stack, **changed: Any) -> dict[str, Any]:
    return {
        "domain_name": "api.example.com",
        "certificate": StandIn(stack, "Certificate", "*.example.com"),
        "api": apigatewayv2.HttpApi(stack, "Api"),
        **changed,
    }


def test_a_websocket_api_is_mapped_with_its_stage_beneath_a_path() -> None:
    app = new_app()
    stack = new_stack(app)
    api = apigatewayv2.WebSocketApi(stack, "Socket")
    stage = apigatewayv2.WebSocketStage(stack, "Stage", web_socket_api=api, stage_name="live")
    HttpApiDomain(stack, "Domain", **told(stack, api=api, stage=stage, mapping_key="chat"))
    resources = app.synth().get_stack_by_name("Shop").template["Resources"].values()
    (mapping,) = (each["Properties"] for each in resources if each["Type"].endswith("::ApiMapping"))

    assert (mapping["ApiMappingKey"], mapping["Stage"]) == ("chat", "live")


def test_refuses_a_websocket_api_without_a_stage() -> None:
    stack = new_stack()

    with pytest.raises(ConfigurationError, match="stage must be a stage of the API, which has no default one"):
        HttpApiDomain(stack, "Domain", **told(stack, api=apigatewayv2.WebSocketApi(stack, "Socket")))


def test_refuses_a_rest_api() -> None:
    stack = new_stack()

    with pytest.raises(ConfigurationError, match="got a RestApi Shop/Rest; a REST API takes RestApiDomain"):
        HttpApiDomain(stack, "Domain", **told(stack, api=apigateway.RestApi(stack, "Rest")))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"domain_name": "a.b.example.com"}, r"domain names must be names of the certificate, \*\.example\.com, got"),
        ({"certificate": "arn"}, "certificate must be a certificate, such as .*, got 'arn'"),
        ({"hosted_zone": "Z1"}, "hosted_zone must be a hosted zone, such as .*, got 'Z1'"),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) else "",
)
def test_refuses_what_does_not_fit(changed: dict[str, Any], said: str) -> None:
    stack = new_stack()

    with pytest.raises(ConfigurationError, match=said):
        HttpApiDomain(stack, "Domain", **told(stack, **changed))
