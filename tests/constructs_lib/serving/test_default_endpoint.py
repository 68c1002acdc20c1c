"""The address that API Gateway itself gives an API: announced, unless it is closed, also if that is said later."""

import pytest
from aws_cdk import aws_apigatewayv2 as apigatewayv2

from constructs_lib.serving.default_endpoint import hint_default_endpoint
from tests.support.announcements import announcements
from tests.support.served_app import new_app, new_stack


@pytest.mark.parametrize(("is_closed", "count"), [(None, 1), (False, 1), (True, 0)], ids=["untold", "open", "closed"])
def test_is_announced_while_it_answers(is_closed: bool | None, count: int) -> None:  # noqa: FBT001  # as the CDK says it
    app = new_app()
    stack = new_stack(app)
    api = apigatewayv2.CfnApi(stack, "Api", name="own", protocol_type="HTTP")
    hint_default_endpoint(stack, api)
    api.disable_execute_api_endpoint = is_closed
    told = announcements(app.synth().directory, "Shop", "info")

    assert len([each for each in told if each.startswith("Shop/Api answers under its execute-api address")]) == count
