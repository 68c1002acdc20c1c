"""RestApiDomain: an edge-optimized API, what it announces, and what is refused."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigateway as apigateway

from constructs_lib import ConfigurationError
from constructs_lib.serving.rest_api_domain import RestApiDomain
from constructs_lib.serving.tls_policy import MinimumTls
from tests.support.announcements import announcements
from tests.support.served_app import EDGE, StandIn, new_app, new_stack, regional_api, zone_of


def test_an_edge_optimized_api_gets_an_edge_optimized_domain_with_a_certificate_of_us_east_1() -> None:
    app = new_app()
    edge, shop = new_stack(app, "Edge", EDGE), new_stack(app)
    api = apigateway.RestApi(shop, "Api", cloud_watch_role=False, disable_execute_api_endpoint=True)
    api.root.add_method("GET")
    RestApiDomain(
        shop,
        "Domain",
        domain_name="api.example.com",
        certificate=StandIn(edge, "Certificate", "api.example.com"),
        api=api,
        base_path="v1",
        minimum_tls=MinimumTls.TLS_1_3,
        hosted_zone=zone_of(shop),
    )
    resources = app.synth().get_stack_by_name("Shop").template["Resources"].values()
    told = {each["Type"]: each.get("Properties") for each in resources}
    domain = told["AWS::ApiGateway::DomainName"]

    assert domain["EndpointConfiguration"] == {"Types": ["EDGE"]}
    assert domain["CertificateArn"]["Fn::GetStackOutput"]["Region"] == EDGE
    assert domain["SecurityPolicy"] == told["AWS::ApiGateway::RestApi"]["SecurityPolicy"]
    assert domain["SecurityPolicy"] == "SecurityPolicy_TLS13_2025_EDGE"
    assert told["AWS::ApiGateway::BasePathMapping"]["BasePath"] == "v1"
    assert [each["Properties"]["Type"] for each in resources if each["Type"] == "AWS::Route53::RecordSet"] == ["A"]


def _deployment_of(**told_of_domain: MinimumTls) -> str:
    app = new_app()
    stack = new_stack(app)
    given: dict[str, Any] = told(stack)
    for name, minimum in told_of_domain.items():
        RestApiDomain(stack, name, **given, minimum_tls=minimum)
    resources = app.synth().get_stack_by_name("Shop").template["Resources"]
    ((found),) = [name for name, each in resources.items() if each["Type"] == "AWS::ApiGateway::Deployment"]
    return str(found)


def test_another_policy_deploys_the_api_again_since_it_takes_effect_with_a_deployment_only() -> None:
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-update.html."""
    without = _deployment_of()
    newer, newest = (_deployment_of(Domain=minimum) for minimum in (MinimumTls.TLS_1_2, MinimumTls.TLS_1_3))

    assert len({without, newer, newest}) == 3
    assert newer == _deployment_of(Domain=MinimumTls.TLS_1_2)


def told(stack: cdk.Stack, **changed: Any) -> dict[str, Any]:
    return {
        "domain_name": "api.example.com",
        "certificate": StandIn(stack, "Certificate", "api.example.com"),
        "api": regional_api(stack),
        **changed,
    }


def test_refuses_a_second_domain_that_wants_more_than_the_api_keeps_to() -> None:
    stack = new_stack()
    given = told(stack)
    RestApiDomain(stack, "First", **given)

    with pytest.raises(ConfigurationError, match=r"api must have a security policy such as .* for TLS 1\.3"):
        RestApiDomain(stack, "Second", **given, minimum_tls=MinimumTls.TLS_1_3)


def test_refuses_an_api_that_deploys_to_no_stage() -> None:
    stack = new_stack()
    api = apigateway.RestApi(stack, "Undeployed", deploy=False, endpoint_types=[apigateway.EndpointType.REGIONAL])

    with pytest.raises(
        ConfigurationError, match="stage must be a stage of the API, which deploys to none itself, got None"
    ):
        RestApiDomain(stack, "Domain", **told(stack, api=api))
    assert isinstance(api.node.default_child, apigateway.CfnRestApi)
    assert api.node.default_child.security_policy is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"domain_name": "www.example.com"}, "domain names must be names of the certificate, api.example.com"),
        ({"certificate": None}, "certificate must be a certificate, such as .*, got None"),
        ({"api": "abc123"}, "api must be a REST API of this app, .* got 'abc123'"),
        ({"minimum_tls": "TLS_1_0"}, "minimum_tls must be one of"),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) else "",
)
def test_refuses_what_does_not_fit(changed: dict[str, Any], said: str) -> None:
    stack = new_stack()

    with pytest.raises(ConfigurationError, match=said):
        RestApiDomain(stack, "Domain", **told(stack, **changed))


def test_announces_that_the_api_answers_under_another_address_too() -> None:
    app = new_app()
    stack = new_stack(app)
    RestApiDomain(stack, "Domain", **told(stack))

    told_aloud = announcements(app.synth().directory, "Shop", "info")
    assert [each for each in told_aloud if "execute-api" in each] == [
        (
            "Shop/RestApi/Resource answers under its execute-api address too, past whatever guards this name; "
            "disable_execute_api_endpoint=True ends that [ack: cdk-key-management:default-endpoint]"
        )
    ]
