"""How news of objects reaches a queue."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_notifications as s3n
from aws_cdk import aws_sqs as sqs

from constructs_lib import ConfigurationError, EncryptionKey
from constructs_lib.enveloping.object_events import Notifications, new_objects_to_queue, tell_event_bridge
from constructs_lib.enveloping.object_traffic import Objects
from tests.support.synthesised import app_of, granted, only, resources, template_of, written


@pytest.fixture
def stack(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "Orders")


def test_a_bucket_tells_event_bridge_by_itself(stack: cdk.Stack) -> None:
    tell_event_bridge(s3.Bucket(stack, "Bucket"), Notifications.TURNED_ON_HERE)

    template = template_of(stack)

    said = only(template, "AWS::S3::Bucket")["Properties"]["NotificationConfiguration"]
    assert said == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    assert not resources(template, "AWS::Lambda::Function")


def test_a_bucket_with_notifications_of_the_cdk_says_it_among_them(stack: cdk.Stack) -> None:
    bucket = s3.Bucket(stack, "Bucket")
    bucket.add_object_created_notification(s3n.SqsDestination(sqs.Queue(stack, "Queue")))
    tell_event_bridge(bucket, Notifications.TURNED_ON_HERE)

    template = template_of(stack)

    assert "NotificationConfiguration" not in only(template, "AWS::S3::Bucket").get("Properties", {})
    said = only(template, "Custom::S3BucketNotifications")["Properties"]["NotificationConfiguration"]
    assert "EventBridgeConfiguration" in said


def test_whoever_says_that_it_is_on_is_believed(stack: cdk.Stack) -> None:
    tell_event_bridge(s3.Bucket.from_bucket_name(stack, "Bucket", "orders"), Notifications.ALREADY_ON)

    assert "Resources" not in template_of(stack)


def test_refuses_notifications_that_would_switch_it_off_again(stack: cdk.Stack) -> None:
    bucket = s3.Bucket(stack, "Bucket")
    tell_event_bridge(bucket, Notifications.TURNED_ON_HERE)
    bucket.add_object_created_notification(s3n.SqsDestination(sqs.Queue(stack, "Queue")))

    with pytest.raises(RuntimeError, match="notifications that are added after EncryptOnArrival switch its events off"):
        app_of(stack).synth()


def test_refuses_a_bucket_whose_events_cannot_be_turned_on_here(stack: cdk.Stack) -> None:
    bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "orders")

    with pytest.raises(
        ConfigurationError,
        match=r"^source must be a bucket of this app, whose events can be turned on here, got Orders/Bucket: have its "
        r"owner turn on EventBridge and say notifications=Notifications\.ALREADY_ON$",
    ):
        tell_event_bridge(bucket, Notifications.TURNED_ON_HERE)


@pytest.mark.parametrize(
    ("prefix", "pattern"), [("", {}), ("in/", {"object": {"key": [{"prefix": "in/"}]}})], ids=["all", "prefix"]
)
def test_a_rule_sends_the_news_of_new_objects_and_nobody_else_may(
    stack: cdk.Stack, prefix: str, pattern: dict[str, object]
) -> None:
    key = EncryptionKey(stack, "Key", alias="key")
    queue, undelivered = (sqs.Queue(stack, name, encryption_master_key=key) for name in ("Queue", "Undelivered"))
    objects = Objects(argument="source", bucket=s3.Bucket.from_bucket_name(stack, "Bucket", "orders"), prefix=prefix)
    new_objects_to_queue(stack, "Rule", objects=objects, queue=queue, undelivered=undelivered)

    template = template_of(stack)

    rule = written(only(template, "AWS::Events::Rule")["Properties"])
    (logical_id,) = resources(template, "AWS::Events::Rule")
    assert rule["EventPattern"] == {
        "account": ["${AWS::AccountId}"],
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": ["orders"]}, **pattern},
    }
    ((target),) = rule["Targets"]
    assert "Undelivered" in target["DeadLetterConfig"]["Arn"]
    for policy in resources(template, "AWS::SQS::QueuePolicy").values():
        (statement,) = written(policy["Properties"]["PolicyDocument"]["Statement"])
        assert statement["Action"] == "sqs:SendMessage"
        assert statement["Principal"] == {"Service": "events.amazonaws.com"}
        assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": f"${{{logical_id}.Arn}}"}}
    (admitted,) = granted(template).values()
    assert admitted["Principal"] == {"Service": "events.amazonaws.com"}
    assert admitted["Condition"]["ArnLike"]["aws:SourceArn"].endswith(f":rule/Orders-{logical_id}-*")


def test_a_queue_under_a_key_of_aws_needs_no_key(stack: cdk.Stack) -> None:
    kms.Key(stack, "Key")
    objects = Objects(argument="source", bucket=s3.Bucket.from_bucket_name(stack, "Bucket", "orders"))
    new_objects_to_queue(
        stack, "Rule", objects=objects, queue=sqs.Queue(stack, "Queue"), undelivered=sqs.Queue(stack, "Other")
    )

    policy = written(only(template_of(stack), "AWS::KMS::Key")["Properties"]["KeyPolicy"])
    assert "events.amazonaws.com" not in str(policy)
