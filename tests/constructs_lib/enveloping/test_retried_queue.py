"""A queue whose messages are tried again, and kept when that is in vain."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from constructs_lib.enveloping.retried_queue import RetriedQueue, dead_letters
from tests.support.synthesised import resources, template_of, written


@pytest.fixture
def queues(make_app: Callable[..., cdk.App]) -> dict[str, Any]:
    stack = cdk.Stack(make_app(), "Orders")
    RetriedQueue(stack, "News", key=kms.Key(stack, "Key"), function_seconds=900, max_receives=3)
    template = template_of(stack)
    policies = [written(each["Properties"]) for each in resources(template, "AWS::SQS::QueuePolicy").values()]
    assert [each["PolicyDocument"]["Statement"][0]["Effect"] for each in policies] == ["Deny", "Deny"]
    return {name: written(each["Properties"]) for name, each in resources(template, "AWS::SQS::Queue").items()}


def test_messages_come_back_a_minute_after_what_a_batch_may_take(queues: dict[str, Any]) -> None:
    (queue,) = (each for name, each in queues.items() if "DeadLetters" not in name)

    assert queue["VisibilityTimeout"] == 960
    assert queue["RedrivePolicy"]["maxReceiveCount"] == 3
    assert "DeadLetters" in queue["RedrivePolicy"]["deadLetterTargetArn"]


def test_both_are_encrypted_and_keep_messages_for_fourteen_days(queues: dict[str, Any]) -> None:
    assert {each["KmsMasterKeyId"] for each in queues.values()} == {"${Key961B73FD.Arn}"}
    assert {each["MessageRetentionPeriod"] for each in queues.values()} == {14 * 86_400}


def test_what_failed_has_a_queue_of_its_own(make_app: Callable[..., cdk.App]) -> None:
    stack = cdk.Stack(make_app(), "Orders")

    assert dead_letters(stack, "Failed", key=kms.Key(stack, "Key")).node.path == "Orders/Failed"
