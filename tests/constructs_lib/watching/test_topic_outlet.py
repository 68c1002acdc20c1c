import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from constructs_lib import EncryptionKey
from constructs_lib.watching.notify import ToTopic
from constructs_lib.watching.outlet import open_outlet
from tests.support.outlet_scene import OTHER_KEY_ARN, TOPICS, a_rule, an_alarm, opened, services_of, synthesised
from tests.support.synthesised import app_of, only, resources, written
from tests.support.told_events import ACCOUNT, REGION
from tests.support.watch_scene import messages, stack_of


def test_nothing_is_admitted_before_there_is_something_to_tell() -> None:
    stack = stack_of()

    opened(stack, ToTopic(topic=sns.Topic(stack, "News", master_key=kms.Key(stack, "Key"))))

    assert resources(synthesised(stack), "AWS::SNS::TopicPolicy") == {}
    assert resources(synthesised(stack), "AWS::SQS::Queue") == {}


def test_an_alarm_alone_admits_cloudwatch_and_not_event_bridge() -> None:
    stack = stack_of()
    topic = sns.Topic(stack, "News", master_key=kms.Key(stack, "Key"))

    opened(stack, ToTopic(topic=topic)).on_alarm(an_alarm(stack))

    template = synthesised(stack)
    policy = only(template, "AWS::SNS::TopicPolicy")["Properties"]["PolicyDocument"]["Statement"]
    assert list(services_of(policy, "sns:Publish")) == ["cloudwatch.amazonaws.com"]
    assert resources(template, "AWS::SQS::Queue") == {}


def test_a_topic_of_the_app_and_its_key_get_what_they_need_also_across_stacks() -> None:
    stack = stack_of()
    hub = cdk.Stack(app_of(stack), "Hub", env=cdk.Environment(account=ACCOUNT, region=REGION))
    topic = sns.Topic(hub, "News", topic_name="news", master_key=EncryptionKey(hub, "Key", alias="news"))

    outlet = opened(stack, ToTopic(topic=topic))
    a_rule(outlet)
    outlet.on_alarm(an_alarm(stack))

    template = dict(app_of(stack).synth().get_stack_by_name("Hub").template)
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

    policy = only(synthesised(stack), "AWS::SNS::TopicPolicy")["Properties"]["PolicyDocument"]["Statement"]
    assert sorted(each["Sid"] for each in policy) == ["AlarmsPublish", "RulesPublish"]


def test_what_the_owner_of_another_topic_must_add_is_announced() -> None:
    stack = stack_of()

    outlet = opened(stack, ToTopic(topic=sns.Topic.from_topic_arn(stack, "News", TOPICS + "news")))
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
    topic = sns.Topic.from_topic_attributes(stack, "News", topic_arn=TOPICS + "news", key_arn=OTHER_KEY_ARN)

    a_rule(opened(stack, ToTopic(topic=topic)))

    (said,) = (
        each
        for each in messages(stack)
        if "encryption-key-not-admitting" in each and "topicArn" in each and "events.amazonaws.com" in each
    )
    assert ":news" in said
