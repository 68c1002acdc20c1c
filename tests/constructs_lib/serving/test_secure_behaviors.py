"""Behaviors of a distribution: none answers plain HTTP."""

from typing import Any

import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins

from constructs_lib import ConfigurationError
from constructs_lib.serving.secure_behaviors import Sending, check_behaviors, read_behavior
from constructs_lib.serving.strict_transport import StrictTransport
from tests.support.served_app import behavior, new_app, new_stack

REDIRECT = cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS
PLAIN = cloudfront.ViewerProtocolPolicy.ALLOW_ALL


def test_a_silent_behavior_redirects_and_keeps_what_it_was_told() -> None:
    given = behavior(compress=False, smooth_streaming=True)

    assert read_behavior("default_behavior", given) == {
        "origin": given.origin,
        "compress": False,
        "smooth_streaming": True,
        "viewer_protocol_policy": REDIRECT,
    }


def test_a_behavior_may_be_written_as_the_cdk_takes_it_too() -> None:
    assert read_behavior("default_behavior", {"origin": None, "compress": True}) == {
        "compress": True,
        "viewer_protocol_policy": REDIRECT,
    }


def test_a_policy_for_headers_of_its_own_stays() -> None:
    stack = new_stack()
    own = cloudfront.ResponseHeadersPolicy.SECURITY_HEADERS
    sending = Sending(stack, StrictTransport.ONE_YEAR)
    kept = sending.added_to(read_behavior("default_behavior", behavior(response_headers_policy=own)))

    assert kept.response_headers_policy is own
    assert stack.node.children == []


def test_behaviors_share_one_policy_for_the_header() -> None:
    stack = new_stack()
    sending = Sending(stack, StrictTransport.FORGET)
    told = read_behavior("default_behavior", behavior())

    assert sending.added_to(told).response_headers_policy is sending.added_to(told).response_headers_policy
    assert Sending(stack, StrictTransport.NOT_SENT).added_to(told).response_headers_policy is None


def test_refuses_a_behavior_that_answers_plain_http() -> None:
    with pytest.raises(
        ConfigurationError,
        match="default_behavior must have the viewer protocol policy REDIRECT_TO_HTTPS or HTTPS_ONLY, got ALLOW_ALL",
    ):
        read_behavior("default_behavior", behavior(viewer_protocol_policy=PLAIN))


def test_refuses_what_is_no_behavior() -> None:
    given: Any = "origin.example.com"

    with pytest.raises(ConfigurationError, match="default_behavior must be BehaviorOptions of aws_cloudfront, got 'or"):
        read_behavior("default_behavior", given)


def test_refuses_a_behavior_that_was_added_later_and_answers_plain_http() -> None:
    app = new_app()
    distribution = cloudfront.Distribution(
        new_stack(app), "Site", default_behavior=behavior(viewer_protocol_policy=REDIRECT)
    )
    check_behaviors(distribution)
    origin = origins.HttpOrigin("origin.example.com")
    distribution.add_behavior("/plain/*", origin, viewer_protocol_policy=PLAIN)

    with pytest.raises(
        RuntimeError, match=r"behavior /plain/\* must have the viewer protocol policy .*, got allow-all"
    ):
        app.synth()
