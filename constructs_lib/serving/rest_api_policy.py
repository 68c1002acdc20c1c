"""The security policy of a REST API itself, which decides on connections to all of its custom domains."""

from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway

from constructs_lib.errors import ConfigurationError
from constructs_lib.serving.tls_policy import MinimumTls
from constructs_lib.wiring.certificate_targets import Target
from constructs_lib.wiring.given_resources import spoken

_STRICT = "STRICT"
_TARGETS = {"REGIONAL": Target.REST_API, "EDGE": Target.EDGE_OPTIMIZED_API}
# Those that CloudFormation's users may write themselves: enhanced ones, and among them those without TLS 1.2.
_ENHANCED = "SecurityPolicy_"
_WITHOUT_TLS_1_2 = ("SecurityPolicy_TLS13_1_3_", "SecurityPolicy_TLS13_2025_EDGE")


def resource_of(api: apigateway.IRestApi) -> apigateway.CfnRestApi:
    """Return what stands in the template for a REST API.

    Args:
        api: The API.

    Raises:
        ConfigurationError: If it is none of this app.
    """
    resource = api.node.default_child if hasattr(api, "rest_api_id") else None
    if not isinstance(resource, apigateway.CfnRestApi):
        raise ConfigurationError(
            "api must be a REST API of this app, whose own security policy decides on connections, got "
            f"{spoken(api)}; an HTTP API takes HttpApiDomain"
        )
    return resource


def endpoint_of(api: apigateway.CfnRestApi) -> Target:
    """Return of which kind an API is: its domains are of the same one, or requests are rejected.

    Args:
        api: The API. Without a word of it, it is edge-optimized.

    Raises:
        ConfigurationError: If it is private, or several kinds at once.
    """
    told = cdk.Stack.of(api).resolve(api.endpoint_configuration) or {}
    kinds: Sequence[str] = told.get("types") or ["EDGE"] if isinstance(told, Mapping) else [str(told)]
    if len(kinds) != 1 or kinds[0] not in _TARGETS:
        raise ConfigurationError(
            f"api must be one endpoint type of {', '.join(_TARGETS)}, got {api.node.path} with {', '.join(kinds)}"
        )
    return _TARGETS[kinds[0]]


def settle_policy(api: apigateway.CfnRestApi, policy: str, minimum: MinimumTls) -> None:
    """Give an API the policy of its domain, unless it has one that is as strict.

    Args:
        api: The API.
        policy: AWS's name of the policy.
        minimum: The oldest TLS that clients may speak.

    Raises:
        ConfigurationError: If it has one that admits older TLS.
    """
    if api.security_policy is None:
        api.security_policy = policy
    own = str(api.security_policy)
    if not own.startswith(_ENHANCED) or (minimum is MinimumTls.TLS_1_3 and not own.startswith(_WITHOUT_TLS_1_2)):
        raise ConfigurationError(
            f"api must have a security policy such as {policy} for {minimum.value}, since it decides on connections to "
            f"the domain, got {api.node.path} with {own}"
        )
    if api.endpoint_access_mode is None:
        api.endpoint_access_mode = _STRICT
