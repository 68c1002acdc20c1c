"""Conditions that the CDK brings: kept where they make no circle, otherwise written by the ARN there will be."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from aws_cdk.assertions import Annotations, Match

from constructs_lib import ConfigurationError, EncryptionKey
from tests.support.synthesised import app_of, granted, template_of

MakeApp = Callable[..., cdk.App]
Conditions = dict[str, dict[str, Any]]
IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
SERVICE = iam.ServicePrincipal("sagemaker.amazonaws.com")


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=IRELAND)


def another(stack: cdk.Stack, environment: cdk.Environment = IRELAND) -> cdk.Stack:
    return cdk.Stack(app_of(stack), "W", env=environment)


def condition(stack: cdk.Stack, conditions: Conditions, key: EncryptionKey | None = None) -> Any:
    """Let a service decrypt under these conditions and return what the key policy makes of them."""
    key = key or EncryptionKey(stack, "Key")
    key.add_to_resource_policy(
        iam.PolicyStatement(actions=["kms:Decrypt"], resources=["*"], principals=[SERVICE], conditions=conditions)
    )
    (statement,) = granted(template_of(stack)).values()
    return statement["Condition"]


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ({"StringEquals": {"aws:SourceAccount": "1"}}, {"StringEquals": {"aws:SourceAccount": "1"}}),
        ({"StringLike": {"k": ["b", "a", "b"]}}, {"StringLike": {"k": ["a", "b"]}}),
        ({"Bool": {"aws:SecureTransport": True}}, {"Bool": {"aws:SecureTransport": "true"}}),
        ({"Null": {"k": False}}, {"Null": {"k": "false"}}),
        ({"NumericLessThan": {"k": 3600}}, {"NumericLessThan": {"k": "3600"}}),
        (
            {"StringEquals": {"kms:EncryptionContext:owner": "${aws:PrincipalTag/team}"}},
            {"StringEquals": {"kms:EncryptionContext:owner": "${aws:PrincipalTag/team}"}},
        ),
    ],
)
def test_plain_values_are_kept(given: Conditions, written: Conditions, stack: cdk.Stack) -> None:
    assert condition(stack, given) == written


def test_a_resource_of_the_keys_stack_that_does_not_need_the_key_is_referred_to(stack: cdk.Stack) -> None:
    topic = sns.Topic(stack, "Topic")

    assert condition(stack, {"ArnEquals": {"aws:SourceArn": topic.topic_arn}}) == {
        "ArnEquals": {"aws:SourceArn": "${TopicBFC7AF6E}"}
    }


@pytest.mark.parametrize(
    ("make", "arn"),
    [
        (lambda stack: sns.Topic(stack, "T").topic_arn, "arn:aws:sns:eu-west-1:111122223333:W-TD925BC7E-*"),
        (lambda stack: sqs.Queue(stack, "Q").queue_arn, "arn:aws:sqs:eu-west-1:111122223333:W-Q63C6E3AB-*"),
        (lambda stack: s3.Bucket(stack, "B").bucket_arn, "arn:aws:s3:::*"),
        (
            lambda stack: events.EventBus(stack, "E").event_bus_arn,
            "arn:aws:events:eu-west-1:111122223333:event-bus/WEC810BEFA",
        ),
        (
            lambda stack: cdk.CfnResource(stack, "X", type="AWS::StepFunctions::Activity").get_att("Arn").to_string(),
            "arn:aws:states:eu-west-1:111122223333:*",
        ),
    ],
    ids=["topic", "queue", "bucket", "bus", "activity"],
)
def test_an_unnamed_resource_of_another_stack_is_admitted_by_a_pattern_with_its_account(
    make: Callable[[cdk.Stack], str], arn: str, stack: cdk.Stack
) -> None:
    written = condition(stack, {"ArnEquals": {"aws:SourceArn": make(another(stack))}})

    operator = "ArnLike" if "*" in arn else "ArnEquals"  # the CDK gives an event bus a literal name
    in_account = {} if "111122223333" in arn else {"StringEquals": {"aws:SourceAccount": "111122223333"}}
    assert written == {operator: {"aws:SourceArn": arn}, **in_account}


@pytest.mark.parametrize(
    ("make", "arn"),
    [
        (lambda stack: sns.Topic(stack, "T", topic_name="alarms").topic_arn, "sns:eu-west-1:111122223333:alarms"),
        (lambda stack: sqs.Queue(stack, "Q", queue_name="jobs").queue_arn, "sqs:eu-west-1:111122223333:jobs"),
        (lambda stack: s3.Bucket(stack, "B", bucket_name="data").bucket_arn, "s3:::data"),
        (
            lambda stack: (
                events.Rule(
                    stack, "R", rule_name="hourly", schedule=events.Schedule.expression("rate(1 hour)")
                ).rule_arn
            ),
            "events:eu-west-1:111122223333:rule/hourly",
        ),
    ],
    ids=["topic", "queue", "bucket", "rule"],
)
def test_a_named_resource_of_another_stack_is_admitted_exactly(
    make: Callable[[cdk.Stack], str], arn: str, stack: cdk.Stack
) -> None:
    assert condition(stack, {"ArnEquals": {"aws:SourceArn": make(another(stack))}}) == {
        "ArnEquals": {"aws:SourceArn": f"arn:aws:{arn}"}
    }


def test_the_region_and_account_of_the_resource_count_and_not_those_of_the_key(stack: cdk.Stack) -> None:
    other = another(stack, cdk.Environment(account="444455556666", region="us-east-1"))

    assert condition(stack, {"ArnEquals": {"aws:SourceArn": sns.Topic(other, "T").topic_arn}}) == {
        "ArnLike": {"aws:SourceArn": "arn:aws:sns:us-east-1:444455556666:W-TD925BC7E-*"},
    }


def test_a_resource_under_the_key_itself_is_admitted_without_a_reference(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key")
    topic = sns.Topic(stack, "Topic", master_key=key)

    assert condition(stack, {"ArnEquals": {"aws:SourceArn": topic.topic_arn}}, key) == {
        "ArnLike": {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:S-TopicBFC7AF6E-*"},
    }


def test_a_topic_and_a_queue_may_share_a_key(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key")
    topic = sns.Topic(stack, "Topic", master_key=key)
    topic.add_subscription(subscriptions.SqsSubscription(sqs.Queue(stack, "Queue", encryption_master_key=key)))

    (statement,) = granted(template_of(stack)).values()
    assert statement == {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:S-TopicBFC7AF6E-*"}},
    }


def test_a_widened_condition_is_announced(stack: cdk.Stack) -> None:
    condition(stack, {"ArnEquals": {"aws:SourceArn": sns.Topic(another(stack), "T").topic_arn}})

    Annotations.from_stack(stack).has_info(
        "/S/Key", Match.string_like_regexp("the key policy admits arn:aws:sns:eu-west-1:111122223333:W-TD925BC7E-\\*")
    )


def test_an_exact_condition_is_not_announced(stack: cdk.Stack) -> None:
    condition(stack, {"ArnEquals": {"aws:SourceArn": sns.Topic(another(stack), "T", topic_name="t").topic_arn}})

    assert Annotations.from_stack(stack).find_info("*", Match.any_value()) == []


def test_a_part_of_a_value_becomes_a_wildcard_within_it(stack: cdk.Stack) -> None:
    bucket = s3.Bucket(another(stack), "B")

    assert condition(stack, {"StringEquals": {"kms:EncryptionContext:aws:s3:arn": bucket.arn_for_objects("in/*")}}) == {
        "StringLike": {"kms:EncryptionContext:aws:s3:arn": "*/in/*"}
    }


def test_alternatives_stay_alternatives_when_one_of_them_becomes_a_pattern(stack: cdk.Stack) -> None:
    near = "arn:aws:sns:eu-west-1:111122223333:near"
    far = sns.Topic(another(stack), "T").topic_arn

    assert condition(stack, {"ArnEquals": {"aws:SourceArn": [near, far]}}) == {
        "ArnLike": {"aws:SourceArn": ["arn:aws:sns:eu-west-1:111122223333:W-TD925BC7E-*", near]},
    }


def test_a_name_too_long_for_what_is_generated_is_left_open(make_app: MakeApp) -> None:
    app = make_app()
    stack, other = cdk.Stack(app, "S", env=IRELAND), cdk.Stack(app, "W" * 70, env=IRELAND)

    written = condition(stack, {"ArnEquals": {"aws:SourceArn": sqs.Queue(other, "Q").queue_arn}})
    assert written["ArnLike"] == {"aws:SourceArn": "arn:aws:sqs:eu-west-1:111122223333:*"}


@pytest.mark.parametrize(
    ("effect", "operator"), [("Deny", "ArnEquals"), ("Allow", "ArnNotEquals"), ("Deny", "ArnNotLike")]
)
def test_refuses_a_pattern_that_would_deny_less(effect: str, operator: str, make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    key = EncryptionKey(cdk.Stack(app, "Keys"), "Key", services=[])
    topic = sns.Topic(cdk.Stack(app, "Topics"), "Topic")
    statement = iam.PolicyStatement(
        effect=iam.Effect.DENY if effect == "Deny" else iam.Effect.ALLOW,
        actions=["kms:Decrypt"],
        principals=[iam.ServicePrincipal("sns.amazonaws.com")],
        resources=["*"],
        conditions={operator: {"aws:SourceArn": topic.topic_arn}},
    )

    with pytest.raises(ConfigurationError, match="a pattern in its place would deny less"):
        key.add_to_resource_policy(statement)


def test_refuses_a_source_whose_arn_it_cannot_write(make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    key = EncryptionKey(cdk.Stack(app, "Keys"), "Key", services=[])
    source = cdk.CfnResource(cdk.Stack(app, "Jobs"), "X", type="AWS::Glue::Job").get_att("Arn").to_string()
    statement = iam.PolicyStatement(
        actions=["kms:Decrypt"],
        principals=[iam.ServicePrincipal("glue.amazonaws.com")],
        resources=["*"],
        conditions={"ArnEquals": {"aws:SourceArn": source}},
    )

    with pytest.raises(
        ConfigurationError, match=r"must name Jobs/X by a literal ARN, got a reference to a AWS::Glue::Job"
    ):
        key.add_to_resource_policy(statement)
