"""Outlets with something to tell, and what they became."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_chatbot as chatbot
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from constructs_lib import ConfigurationError
from constructs_lib.watching.key_event import KeyEvent
from constructs_lib.watching.key_events import KINDS, WatchedName
from constructs_lib.watching.notify import Notify
from constructs_lib.watching.outlet import Outlet, open_outlet
from tests.support.synthesised import Json, app_of, written
from tests.support.told_events import ACCOUNT, KEY_ARN, REGION

_KEY = WatchedName(arn=KEY_ARN, called="alias/orders")
OTHER_KEY_ARN = KEY_ARN.replace("1234abcd-", "4321abcd-")
TOPICS = f"arn:aws:sns:{REGION}:{ACCOUNT}:"


def a_rule(outlet: Outlet) -> None:
    """Have an outlet told that a key was disabled."""
    kind = KINDS[KeyEvent.DISABLED]
    outlet.add_rule("Disabled", description="disabled", pattern=kind.pattern(_KEY), message=kind.message(_KEY))


def an_alarm(scope: Construct, construct_id: str = "Alarm") -> cloudwatch.Alarm:
    """Return an alarm on a metric of its own."""
    metric = cloudwatch.Metric(namespace="Orders", metric_name=construct_id)
    return cloudwatch.Alarm(scope, construct_id, metric=metric, threshold=1, evaluation_periods=1)


def opened(stack: cdk.Stack, notify: Notify) -> Outlet:
    """Open an outlet in a construct of its own."""
    return open_outlet(Construct(stack, "Watch"), notify)


def synthesised(stack: cdk.Stack) -> Json:
    """Return the template of a stack."""
    return dict(app_of(stack).synth().get_stack_by_name(stack.stack_name).template)


def channel(stack: cdk.Stack) -> chatbot.SlackChannelConfiguration:
    """Return a channel of a chat."""
    return chatbot.SlackChannelConfiguration(
        stack, "Channel", slack_channel_configuration_name="keys", slack_channel_id="C1", slack_workspace_id="W1"
    )


def services_of(statements: list[Json], action: str) -> dict[str, Any]:
    """Return the conditions under which services may do something, by service."""
    return {
        each["Principal"]["Service"]: each.get("Condition")
        for each in written(statements)
        if "Service" in each["Principal"] and action in each["Action"]
    }


def refused_by(notify: Any, stack: cdk.Stack) -> str:
    """Return how an outlet is refused."""
    with pytest.raises(ConfigurationError) as error:
        opened(stack, notify)
    return str(error.value)
