import json

import pytest
from aws_cdk import aws_chatbot as chatbot
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from constructs_lib import EncryptionKey, ExistingKey, SigningKey
from constructs_lib.watching.notify import NewTopic, ToBus, ToChat, ToTopic
from constructs_lib.watching.outlet import encryption_key_of
from tests.support.outlet_scene import (
    OTHER_KEY_ARN,
    a_rule,
    channel,
    opened,
    refused_by,
    services_of,
    synthesised,
)
from tests.support.synthesised import only, resources
from tests.support.told_events import ACCOUNT, REGION, as_event, call, rendered
from tests.support.watch_scene import OTHER_ACCOUNT, OTHER_REGION, messages, stack_of


def test_a_chat_gets_its_form_by_a_topic_of_its_own() -> None:
    stack = stack_of()
    outlet = opened(stack, ToChat(channel=channel(stack), encryption_key=EncryptionKey(stack, "Key", alias="news")))

    a_rule(outlet)

    template = synthesised(stack)
    (topic,) = resources(template, "AWS::SNS::Topic")
    assert only(template, "AWS::Chatbot::SlackChannelConfiguration")["Properties"]["SnsTopicArns"] == [{"Ref": topic}]
    (target,) = only(template, "AWS::Events::Rule")["Properties"]["Targets"]
    transformer = target["InputTransformer"]
    shown = json.loads(
        rendered(transformer["InputTemplate"], transformer["InputPathsMap"], as_event(call("DisableKey")))
    )
    assert shown["content"]["title"] == "alias/orders was disabled"
    assert not any("nobody-listens" in each for each in messages(stack))


def test_the_key_of_what_is_told_is_known_where_anybody_knows_it() -> None:
    stack = stack_of()
    key = kms.Key(stack, "Key")

    assert encryption_key_of(NewTopic(encryption_key=key)) is key
    assert encryption_key_of(ToChat(channel=channel(stack), encryption_key=key)) is key
    assert encryption_key_of(ToTopic(topic=sns.Topic(stack, "News"))) is None
    of_topic = encryption_key_of(ToTopic(topic=sns.Topic(stack, "Secret", master_key=key)))
    assert of_topic is not None
    assert of_topic.key_arn == key.key_arn
    assert encryption_key_of(ToBus(bus=events.EventBus(stack, "Bus"))) is None


def test_an_alias_stands_for_its_key() -> None:
    stack = stack_of()
    key = EncryptionKey(stack, "Key", alias="news")

    a_rule(opened(stack, NewTopic(encryption_key=key.add_alias("more-news"))))

    statements = only(synthesised(stack), "AWS::KMS::Key")["Properties"]["KeyPolicy"]["Statement"]
    assert "events.amazonaws.com" in services_of(statements, "kms:GenerateDataKey")


def test_refuses_nobody() -> None:
    assert refused_by("me@example.com", stack_of()) == (
        "notify must be NewTopic(...), ToTopic(...), ToBus(...) or ToChat(...), got 'me@example.com'"
    )


def test_refuses_a_key_that_cannot_encrypt_a_topic() -> None:
    stack = stack_of()

    assert refused_by(NewTopic(encryption_key=SigningKey(stack, "Key", alias="releases")), stack) == (
        "encryption_key must be a symmetric encryption key, got Orders/Key with key usage SIGN_VERIFY and key spec "
        "ECC_NIST_P256"
    )


def test_refuses_a_key_of_aws() -> None:
    stack = stack_of()

    assert refused_by(NewTopic(encryption_key=ExistingKey.from_alias(stack, "Key", alias="aws/sns")), stack) == (
        "encryption_key must be a key of yours, since that of AWS admits no service, got alias/aws/sns"
    )


@pytest.mark.parametrize(
    ("arn", "what", "mine", "its"),
    [
        (OTHER_KEY_ARN.replace(REGION, OTHER_REGION), "Region", REGION, OTHER_REGION),
        (OTHER_KEY_ARN.replace(ACCOUNT, OTHER_ACCOUNT), "account", ACCOUNT, OTHER_ACCOUNT),
    ],
)
def test_refuses_a_key_elsewhere(arn: str, what: str, mine: str, its: str) -> None:
    stack = stack_of()

    assert refused_by(NewTopic(encryption_key=ExistingKey.from_arn(stack, "Key", key_arn=arn)), stack) == (
        f"encryption_key must be of {what} {mine}, as the alarms and rules are, got Orders/Key of {its}"
    )


def test_refuses_what_is_no_topic() -> None:
    assert refused_by(ToTopic(topic="news"), stack_of()) == (  # type: ignore[arg-type]  # what is refused
        "topic must be a topic, such as sns.Topic(...), got 'news'"
    )


def test_refuses_a_topic_elsewhere() -> None:
    stack = stack_of()
    topic = sns.Topic.from_topic_arn(stack, "News", f"arn:aws:sns:{OTHER_REGION}:{ACCOUNT}:news")

    assert refused_by(ToTopic(topic=topic), stack) == (
        f"topic must be of Region {REGION}, as the alarms and rules are, got Orders/News of {OTHER_REGION}"
    )


def test_refuses_a_topic_that_keeps_order() -> None:
    stack = stack_of()

    assert refused_by(ToTopic(topic=sns.Topic(stack, "News", fifo=True)), stack) == (
        "topic must be a standard one, to which rules can publish, got Orders/News, which keeps order"
    )


def test_refuses_a_topic_under_the_key_of_aws() -> None:
    stack = stack_of()
    topic = sns.Topic(stack, "News", master_key=kms.Alias.from_alias_name(stack, "Key", "alias/aws/sns"))

    assert refused_by(ToTopic(topic=topic), stack) == (
        "topic must be encrypted under a key of yours, since that of AWS admits no service, got Orders/News under "
        "alias/aws/sns"
    )


def test_refuses_what_is_no_bus() -> None:
    assert refused_by(ToBus(bus=None), stack_of()) == (  # type: ignore[arg-type]  # what is refused
        "bus must be an event bus, such as events.EventBus(...), got None"
    )


def test_refuses_the_bus_on_which_the_rules_are() -> None:
    stack = stack_of()
    bus = events.EventBus.from_event_bus_name(stack, "Bus", "default")

    assert (
        refused_by(ToBus(bus=bus), stack)
        == "bus must be another than the default one, on which the rules are, got that"
    )


def test_refuses_a_channel_of_another_app() -> None:
    stack = stack_of()
    there = chatbot.SlackChannelConfiguration.from_slack_channel_configuration_arn(
        stack, "Channel", f"arn:aws:chatbot::{ACCOUNT}:chat-configuration/slack-channel/keys"
    )

    refused = refused_by(ToChat(channel=there, encryption_key=kms.Key(stack, "Key")), stack)  # type: ignore[arg-type]

    assert refused == (
        "channel must be a SlackChannelConfiguration of this app to add a topic to, got Orders/Channel, "
        "which is imported"
    )
