import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_chatbot as chatbot
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from constructs_lib import ConfigurationError, EncryptionKey, ExistingKey, SigningKey
from constructs_lib.watching.key_events import KINDS, KeyEvent, WatchedName
from constructs_lib.watching.notify import NewTopic, Notify, ToBus, ToChat, ToTopic
from constructs_lib.watching.outlet import Outlet, encryption_key_of, open_outlet
from tests.support.synthesised import Json, only, resources, written
from tests.support.told_events import as_event, call, matches, rendered
from tests.support.watch_scene import ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION, stack_of

KEY = WatchedName(arn=f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab", called="alias/orders")
THERE = KEY.arn.replace("1234abcd-", "4321abcd-")
OTHER_BUS = f"arn:aws:events:{REGION}:{OTHER_ACCOUNT}:event-bus/security"
FORM = f"arn:aws:sns:{REGION}:{ACCOUNT}:"


def a_rule(outlet: Outlet) -> None:
    kind = KINDS[KeyEvent.DISABLED]
    outlet.add_rule("Disabled", description="disabled", pattern=kind.pattern(KEY), message=kind.message(KEY))


def an_alarm(scope: Construct, construct_id: str = "Alarm") -> cloudwatch.Alarm:
    metric = cloudwatch.Metric(namespace="Orders", metric_name=construct_id)
    return cloudwatch.Alarm(scope, construct_id, metric=metric, threshold=1, evaluation_periods=1)


def opened(stack: cdk.Stack, notify: Notify) -> Outlet:
    return open_outlet(Construct(stack, "Watch"), notify)


def template_of(stack: cdk.Stack) -> Json:
    return dict(cdk.App.of(stack).synth().get_stack_by_name("Orders").template)


def messages(stack: cdk.Stack) -> list[str]:
    return [
        str(entry.data)
        for construct in stack.node.find_all()
        for entry in construct.node.metadata
        if entry.type.startswith("aws:cdk:")
    ]


def channel(stack: cdk.Stack) -> chatbot.SlackChannelConfiguration:
    return chatbot.SlackChannelConfiguration(
        stack, "Channel", slack_channel_configuration_name="keys", slack_channel_id="C1", slack_workspace_id="W1"
    )


def services_of(statements: list[Json], action: str) -> dict[str, Any]:
    return {
        each["Principal"]["Service"]: each.get("Condition")
        for each in written(statements)
        if "Service" in each["Principal"] and action in each["Action"]
    }


def test_nothing_is_admitted_before_there_is_something_to_tell() -> None:
    stack = stack_of()

    opened(stack, ToTopic(topic=sns.Topic(stack, "News", master_key=kms.Key(stack, "Key"))))

    assert resources(template_of(stack), "AWS::SNS::TopicPolicy") == {}
    assert resources(template_of(stack), "AWS::SQS::Queue") == {}


def test_an_alarm_alone_admits_cloudwatch_and_not_event_bridge() -> None:
    stack = stack_of()
    topic = sns.Topic(stack, "News", master_key=kms.Key(stack, "Key"))

    opened(stack, ToTopic(topic=topic)).on_alarm(an_alarm(stack))

    template = template_of(stack)
    policy = only(template, "AWS::SNS::TopicPolicy")["Properties"]["PolicyDocument"]["Statement"]
    assert list(services_of(policy, "sns:Publish")) == ["cloudwatch.amazonaws.com"]
    assert resources(template, "AWS::SQS::Queue") == {}


def test_a_topic_of_the_app_and_its_key_get_what_they_need_also_across_stacks() -> None:
    stack = stack_of()
    hub = cdk.Stack(cdk.App.of(stack), "Hub", env=cdk.Environment(account=ACCOUNT, region=REGION))
    topic = sns.Topic(hub, "News", topic_name="news", master_key=EncryptionKey(hub, "Key", alias="news"))

    outlet = opened(stack, ToTopic(topic=topic))
    a_rule(outlet)
    outlet.on_alarm(an_alarm(stack))

    template = dict(cdk.App.of(stack).synth().get_stack_by_name("Hub").template)
    key = only(template, "AWS::KMS::Key")["Properties"]["KeyPolicy"]["Statement"]
    context = {"kms:EncryptionContext:aws:sns:topicArn": f"arn:${{AWS::Partition}}:sns:{REGION}:{ACCOUNT}:news"}
    assert {"StringEquals": context} in [each.get("Condition") for each in written(key)]
    policy = only(template, "AWS::SNS::TopicPolicy")["Properties"]["PolicyDocument"]["Statement"]
    assert services_of(policy, "sns:Publish") == {
        "cloudwatch.amazonaws.com": {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": f"arn:${{AWS::Partition}}:cloudwatch:{REGION}:{ACCOUNT}:alarm:*"},
        },
        "events.amazonaws.com": None,
    }


def test_two_watches_of_one_topic_say_each_statement_once() -> None:
    stack = stack_of()
    topic = sns.Topic(stack, "News")

    for number in (1, 2):
        outlet = open_outlet(Construct(stack, f"Watch{number}"), ToTopic(topic=topic))
        a_rule(outlet)
        outlet.on_alarm(an_alarm(stack, f"Alarm{number}"))

    policy = only(template_of(stack), "AWS::SNS::TopicPolicy")["Properties"]["PolicyDocument"]["Statement"]
    assert sorted(each["Sid"] for each in policy) == ["AlarmsPublish", "RulesPublish"]


def test_what_the_owner_of_another_topic_must_add_is_announced() -> None:
    stack = stack_of()

    outlet = opened(stack, ToTopic(topic=sns.Topic.from_topic_arn(stack, "News", FORM + "news")))
    a_rule(outlet)
    outlet.on_alarm(an_alarm(stack))

    rules, alarms = (
        next(each for each in messages(stack) if f"topic-not-admitting-{service}" in each)
        for service in ("events", "cloudwatch")
    )
    assert '{"Action": "sns:Publish", "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}' in rules
    assert f'"aws:SourceAccount": "{ACCOUNT}"' in alarms
    assert "that key must admit events.amazonaws.com too" in rules


def test_what_the_owner_of_the_key_of_another_topic_must_add_is_announced() -> None:
    stack = stack_of()
    topic = sns.Topic.from_topic_attributes(stack, "News", topic_arn=FORM + "news", key_arn=THERE)

    a_rule(opened(stack, ToTopic(topic=topic)))

    (said,) = (
        each
        for each in messages(stack)
        if "encryption-key-not-admitting" in each and "topicArn" in each and "events.amazonaws.com" in each
    )
    assert ":news" in said


def test_nobody_listens_is_announced_and_a_subscription_of_any_stack_is_somebody() -> None:
    stack = stack_of()
    deaf, heard = sns.Topic(stack, "Deaf"), sns.Topic(stack, "Heard")
    other = cdk.Stack(cdk.App.of(stack), "Other", env=cdk.Environment(account=ACCOUNT, region=REGION))
    sns.Subscription(other, "Mail", topic=heard, protocol=sns.SubscriptionProtocol.EMAIL, endpoint="a@example.com")
    for topic in (deaf, heard):
        open_outlet(Construct(stack, f"Watch{topic.node.id}"), ToTopic(topic=topic))
    cdk.App.of(stack).synth()

    assert [each for each in messages(stack) if "nobody-listens" in each] != []
    assert any("nobody-listens" in str(entry.data) for entry in deaf.node.metadata)
    assert not any("nobody-listens" in str(entry.data) for entry in heard.node.metadata)


def test_more_rules_than_a_bus_takes_are_announced_with_their_number() -> None:
    stack = stack_of()
    outlet = opened(stack, ToTopic(topic=sns.Topic(stack, "News")))
    a_rule(outlet)
    for number in range(300):
        events.CfnRule(stack, f"Rule{number}", event_pattern={"source": ["aws.kms"]})
    events.CfnRule(stack, "OnAnotherBus", event_bus_name="other", event_pattern={"source": ["aws.kms"]})
    cdk.App.of(stack).synth()

    (said,) = (each for each in messages(stack) if "rules-of-a-bus" in each)
    assert "this app has 301 rules on one default event bus, which takes 300" in said


def test_a_chat_gets_its_form_by_a_topic_of_its_own() -> None:
    stack = stack_of()
    outlet = opened(stack, ToChat(channel=channel(stack), encryption_key=EncryptionKey(stack, "Key", alias="news")))

    a_rule(outlet)

    template = template_of(stack)
    (topic,) = resources(template, "AWS::SNS::Topic")
    assert only(template, "AWS::Chatbot::SlackChannelConfiguration")["Properties"]["SnsTopicArns"] == [{"Ref": topic}]
    (target,) = only(template, "AWS::Events::Rule")["Properties"]["Targets"]
    transformer = target["InputTransformer"]
    shown = json.loads(
        rendered(transformer["InputTemplate"], transformer["InputPathsMap"], as_event(call("DisableKey")))
    )
    assert shown["content"]["title"] == "alias/orders was disabled"
    assert not any("nobody-listens" in each for each in messages(stack))


def test_a_bus_of_another_account_gets_the_event_itself_by_a_role_for_that_bus() -> None:
    stack = stack_of()
    outlet = opened(stack, ToBus(bus=events.EventBus.from_event_bus_arn(stack, "Bus", OTHER_BUS)))

    a_rule(outlet)

    assert outlet.topic is None
    template = template_of(stack)
    rules = [each["Properties"] for each in resources(template, "AWS::Events::Rule").values()]
    (role,) = resources(template, "AWS::IAM::Role")
    for rule in rules:
        (target,) = rule["Targets"]
        assert (target["Arn"], target["RoleArn"]) == (OTHER_BUS, {"Fn::GetAtt": [role, "Arn"]})
        assert "InputTransformer" not in target
    properties = written(template["Resources"][role]["Properties"])
    assert properties["AssumeRolePolicyDocument"]["Statement"] == [
        {
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": ACCOUNT},
                "ArnLike": {"aws:SourceArn": f"arn:${{AWS::Partition}}:events:{REGION}:{ACCOUNT}:rule/Orders-*"},
            },
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
        }
    ]
    (policy,) = properties["Policies"]
    assert policy["PolicyDocument"]["Statement"] == [
        {"Action": "events:PutEvents", "Effect": "Allow", "Resource": OTHER_BUS, "Sid": "Send"}
    ]
    queue = only(template, "AWS::SQS::Queue")["Properties"]
    assert queue["SqsManagedSseEnabled"] is True


def test_an_alarm_reaches_a_bus_when_it_rings_and_not_when_it_ends() -> None:
    stack = stack_of()
    alarm = an_alarm(stack)
    opened(stack, ToBus(bus=events.EventBus.from_event_bus_arn(stack, "Bus", OTHER_BUS))).on_alarm(alarm)

    arn = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:Orders"
    text = json.dumps([
        each["Properties"]["EventPattern"] for each in resources(template_of(stack), "AWS::Events::Rule").values()
    ])
    first, *_ = json.loads(text.replace('{"Fn::GetAtt": ["Alarm7103F465", "Arn"]}', json.dumps(arn)))
    rings = {
        "version": "0",
        "id": "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
        "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch",
        "account": ACCOUNT,
        "time": "2019-10-02T17:04:40Z",
        "region": REGION,
        "resources": [arn],
        "detail": {"alarmName": "Orders", "state": {"value": "ALARM"}},
    }
    patterns = [each for each in json.loads(text.replace('{"Fn::GetAtt": ["Alarm7103F465", "Arn"]}', json.dumps(arn)))]
    assert first in patterns
    assert [matches(each, rings) for each in patterns if each["resources"] == [arn]] == [True]
    ends = {**rings, "detail": {"state": {"value": "OK"}}}
    assert not any(matches(each, ends) for each in patterns if each["resources"] == [arn])


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

    statements = only(template_of(stack), "AWS::KMS::Key")["Properties"]["KeyPolicy"]["Statement"]
    assert "events.amazonaws.com" in services_of(statements, "kms:GenerateDataKey")


def refused_by(notify: Any, stack: cdk.Stack) -> str:
    with pytest.raises(ConfigurationError) as error:
        opened(stack, notify)
    return str(error.value)


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
        (THERE.replace(REGION, OTHER_REGION), "Region", REGION, OTHER_REGION),
        (THERE.replace(ACCOUNT, OTHER_ACCOUNT), "account", ACCOUNT, OTHER_ACCOUNT),
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

    assert refused.startswith("channel must be a SlackChannelConfiguration of this app to add a topic to, got a ")
