"""The behaviors of a distribution: none answers plain HTTP, and all tell browsers to come by HTTPS."""

import inspect
from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from constructs_lib.at_synthesis import at_synthesis
from constructs_lib.errors import ConfigurationError
from constructs_lib.serving.strict_transport import StrictTransport
from constructs_lib.wiring.given_resources import spoken

_SECURE = (cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS, cloudfront.ViewerProtocolPolicy.HTTPS_ONLY)
_ALLOWED = ("redirect-to-https", "https-only")
_OPTIONS = tuple(name for name in inspect.signature(cloudfront.BehaviorOptions.__init__).parameters if name != "self")


def read_behavior(argument: str, given: cloudfront.BehaviorOptions | Mapping[str, Any]) -> dict[str, Any]:
    """Return what a behavior is told, by keyword: untold it redirects to HTTPS.

    Args:
        argument: What a refusal calls it.
        given: The behavior.

    Raises:
        ConfigurationError: If it is none, or answers plain HTTP.
    """
    if isinstance(given, cloudfront.BehaviorOptions):
        told = {name: getattr(given, name) for name in _OPTIONS}
    elif isinstance(given, Mapping):  # as the CDK takes it too
        told = dict(given)
    else:
        raise ConfigurationError(f"{argument} must be BehaviorOptions of aws_cloudfront, got {spoken(given)}")
    policy = told.get("viewer_protocol_policy") or _SECURE[0]
    if policy not in _SECURE:
        raise ConfigurationError(
            f"{argument} must have the viewer protocol policy REDIRECT_TO_HTTPS or HTTPS_ONLY, got {policy.name}"
        )
    return {name: value for name, value in told.items() if value is not None} | {"viewer_protocol_policy": policy}


class Sending:
    """Adds to behaviors the header by which browsers come back by HTTPS."""

    def __init__(self, scope: Construct, header: StrictTransport) -> None:
        """Start with no behavior.

        Args:
            scope: Who owns the policy that adds the header.
            header: What it says.
        """
        self._scope, self._header = scope, header

    def added_to(self, told: Mapping[str, Any]) -> cloudfront.BehaviorOptions:
        """Return a behavior that sends the header, unless it has a policy for headers of its own.

        Args:
            told: What `read_behavior` returned.
        """
        is_silent = self._header is StrictTransport.NOT_SENT or "response_headers_policy" in told
        added = {} if is_silent else {"response_headers_policy": self._policy}
        return cloudfront.BehaviorOptions(**{**told, **added})

    @cached_property
    def _policy(self) -> cloudfront.ResponseHeadersPolicy:
        return cloudfront.ResponseHeadersPolicy(
            self._scope,
            "StrictTransport",
            comment="Browsers come back by HTTPS alone",
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=cdk.Duration.seconds(self._header.value or 0),
                    include_subdomains=False,
                    override=False,
                )
            ),
        )


def check_behaviors(distribution: cloudfront.Distribution) -> None:
    """Have the synthesis fail if a behavior that was added later answers plain HTTP.

    Args:
        distribution: The distribution.
    """

    def check() -> list[str]:
        resource = cast("cloudfront.CfnDistribution", distribution.node.default_child)
        # The CDK fills in behaviors when it writes the template; nothing public shows what it writes.
        told = cdk.Stack.of(distribution).resolve(resource._cfn_properties)  # noqa: SLF001
        config = told["distributionConfig"]
        behaviors = [config["defaultCacheBehavior"], *config.get("cacheBehaviors", ())]
        return [
            f"behavior {each.get('pathPattern', '*')} must have the viewer protocol policy REDIRECT_TO_HTTPS or "
            f"HTTPS_ONLY, got {each.get('viewerProtocolPolicy')}"
            for each in behaviors
            if each.get("viewerProtocolPolicy") not in _ALLOWED
        ]

    at_synthesis(distribution, check)
