"""What the owners of buses and topics must do is said."""

import json

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from constructs_lib.watching.notify import ToBus, ToTopic
from tests.support.outlet_scene import a_rule, opened
from tests.support.told_events import ACCOUNT, REGION
from tests.support.watch_scene import OTHER_ACCOUNT, messages, stack_of


def test_the_owner_of_a_bus_of_another_account_reads_what_to_add() -> None:
    stack = stack_of()
    arn = f"arn:aws:events:{REGION}:{OTHER_ACCOUNT}:event-bus/security"

    a_rule(opened(stack, ToBus(bus=events.EventBus.from_event_bus_arn(stack, "Bus", arn))))

    (said,) = (each for each in messages(stack) if "bus-of-another-account" in each)
    statement, _ = json.JSONDecoder().raw_decode(said[said.index('{"Effect"') :])
    assert f"is of account {OTHER_ACCOUNT}" in said
    assert statement == {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:${{AWS::Partition}}:iam::{ACCOUNT}:root"},
        "Action": ["events:PutEvents"],
        "Resource": arn,
    }


def test_a_bus_of_this_account_needs_nothing() -> None:
    stack = stack_of()

    a_rule(opened(stack, ToBus(bus=events.EventBus(stack, "Bus"))))

    assert not [each for each in messages(stack) if "bus-of-another-account" in each]


def test_a_topic_of_this_app_without_a_key_is_a_warning() -> None:
    stack = stack_of()

    opened(stack, ToTopic(topic=sns.Topic(stack, "News")))

    (said,) = (each for each in messages(stack) if "topic-not-encrypted" in each)
    assert said.startswith("Orders/News has no key")


def test_an_encrypted_topic_and_one_of_another_app_are_quiet() -> None:
    stack = stack_of()
    theirs = sns.Topic.from_topic_arn(stack, "News", f"arn:aws:sns:{REGION}:{ACCOUNT}:news")

    opened(stack, ToTopic(topic=theirs))
    stack = stack_of()
    opened(stack, ToTopic(topic=sns.Topic(stack, "Ours", master_key=kms.Key(stack, "Key"))))

    assert not [each for each in messages(stack) if "topic-not-encrypted" in each]


def test_a_bus_of_a_stack_that_does_not_say_its_account_needs_nothing() -> None:
    stack = cdk.Stack(cdk.App(analytics_reporting=False), "Anywhere")

    a_rule(opened(stack, ToBus(bus=events.EventBus(stack, "Bus"))))

    assert not [each for each in messages(stack) if "bus-of-another-account" in each]
