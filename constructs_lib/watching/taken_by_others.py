"""What whoever is told must have, and rules cannot give: a bus that lets this account in, a topic with a key."""

import json
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_sns as sns

from constructs_lib.actions import PUT_EVENTS
from constructs_lib.naming.token_text import TokenText

if TYPE_CHECKING:
    from aws_cdk import aws_events as events
    from constructs import Construct


def announce_owner_of_bus(scope: "Construct", bus: "events.IEventBus") -> None:
    """Say what the owner of a bus of another account must add to its policy.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html

    Args:
        scope: Whose rules send to the bus.
        bus: The bus.
    """
    stack = cdk.Stack.of(scope)
    if bus.env.account == stack.account:
        return
    text = TokenText(stack)
    principal = text.text(stack.format_arn(service="iam", region="", resource="root"))
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": list(PUT_EVENTS),
        "Resource": text.text(bus.event_bus_arn),
    }
    cdk.Annotations.of(scope).add_warning_v2(
        "cdk-key-management:bus-of-another-account",
        f"{bus.node.path} is of account {text.text(bus.env.account)}: unless that is this one, its owner must add this "
        f"statement to its policy, or nobody hears: {json.dumps(statement)}",
    )


def announce_open(scope: "Construct", topic: sns.ITopic) -> None:
    """Say that a topic of this app has no key.

    Args:
        scope: Whose rules and alarms tell the topic.
        topic: The topic.
    """
    resource = topic.node.default_child
    if isinstance(resource, sns.CfnTopic) and resource.kms_master_key_id is None:
        cdk.Annotations.of(scope).add_warning_v2(
            "cdk-key-management:topic-not-encrypted",
            f"{topic.node.path} has no key, and news names keys, callers and where they called from: give it a "
            "master_key of yours",
        )
