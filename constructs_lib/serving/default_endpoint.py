"""The address that API Gateway itself gives an API: said aloud while it goes on answering beside one's own name."""

from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.at_synthesis import at_synthesis

if TYPE_CHECKING:
    from aws_cdk import aws_apigateway as apigateway
    from aws_cdk import aws_apigatewayv2 as apigatewayv2
    from constructs import Construct


def hint_default_endpoint(scope: "Construct", api: "apigateway.CfnRestApi | apigatewayv2.CfnApi") -> None:
    """Announce that an API answers under execute-api too, unless it is told not to.

    Args:
        scope: In whose name it is said.
        api: The API.
    """

    def announce() -> list[str]:  # the API may be told later
        if api.disable_execute_api_endpoint is not True:
            cdk.Annotations.of(scope).add_info_v2(
                "cdk-key-management:default-endpoint",
                f"{api.node.path} answers under its execute-api address too, past whatever guards this name; "
                "disable_execute_api_endpoint=True ends that",
            )
        return []

    at_synthesis(scope, announce)
