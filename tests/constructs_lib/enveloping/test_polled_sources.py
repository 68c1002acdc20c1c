"""Queues and streams: what Lambda's poller and the function need of them, and of their keys."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs

from constructs_lib.enveloping.polled_sources import (
    QueueOrStream,
    arn_of,
    is_queue,
    is_stream,
    key_of,
    let_poll,
    let_send,
)
from tests.support.synthesised import only, template_of, written

POLL_QUEUE = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
POLL_STREAM = [f"kinesis:{each}" for each in ("DescribeStream", "DescribeStreamSummary", "GetRecords")]
POLL_STREAM += ["kinesis:GetShardIterator", "kinesis:ListShards"]
READ, WRITE = "kms:Decrypt", ["kms:Decrypt", "kms:GenerateDataKey"]


@pytest.fixture
def stack(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "Orders")


def queue(stack: cdk.Stack) -> sqs.Queue:
    return sqs.Queue(stack, "Polled", encryption_master_key=kms.Key(stack, "Key"))


def stream(stack: cdk.Stack) -> kinesis.Stream:
    return kinesis.Stream(stack, "Polled", encryption_key=kms.Key(stack, "Key"), stream_name="clicks")


@pytest.mark.parametrize(
    ("make", "let", "actions", "with_key"),
    [
        (queue, let_poll, POLL_QUEUE, READ),
        (queue, let_send, "sqs:SendMessage", WRITE),
        (stream, let_poll, POLL_STREAM, READ),
        (stream, let_send, "kinesis:PutRecords", "kms:GenerateDataKey"),
    ],
)
def test_a_role_gets_exact_actions_and_the_key_through_the_service(
    stack: cdk.Stack,
    make: Callable[[cdk.Stack], QueueOrStream],
    let: Callable[[iam.Role, QueueOrStream], None],
    actions: str | list[str],
    with_key: str | list[str],
) -> None:
    polled = make(stack)
    let(iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")), polled)

    template = template_of(stack)
    one, other = written(only(template, "AWS::IAM::Policy")["Properties"]["PolicyDocument"]["Statement"])

    (logical_id,) = (each for each in template["Resources"] if each.startswith("Polled"))
    assert (one["Action"], one["Resource"]) == (actions, f"${{{logical_id}.Arn}}")
    assert (other["Action"], other["Resource"]) == (with_key, "${Key961B73FD.Arn}")
    service = "sqs" if is_queue(polled) else "kinesis"
    assert other["Condition"]["StringEquals"]["kms:ViaService"] == f"{service}.${{AWS::Region}}.amazonaws.com"
    contexts = {key: value for keys in other["Condition"].values() for key, value in keys.items() if "Via" not in key}
    (context,) = contexts.values()
    assert list(contexts) == [f"kms:EncryptionContext:aws:{service}:arn"]
    assert context.endswith("stream/clicks" if is_stream(polled) else f":Orders-{logical_id}-*")


def test_an_imported_queue_has_the_name_that_was_said(stack: cdk.Stack) -> None:
    arn = "arn:aws:sqs:eu-west-1:111122223333:orders"
    found = sqs.Queue.from_queue_arn(stack, "Queue", arn)

    assert (is_queue(found), is_stream(found), arn_of(found), key_of(found)) == (True, False, arn, None)
