"""Batches that Lambda would make, and sources that lose nothing."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs

from constructs_lib import ConfigurationError
from constructs_lib.enveloping.batches import Batches


@pytest.fixture
def stack(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "Orders")


def queue(stack: cdk.Stack, **changed: Any) -> sqs.Queue:
    dead = sqs.DeadLetterQueue(max_receive_count=3, queue=sqs.Queue(stack, "Dead", fifo=changed.get("fifo")))
    arguments = {"visibility_timeout": cdk.Duration.seconds(360), "dead_letter_queue": dead, **changed}
    return sqs.Queue(stack, "Queue", **arguments)


@pytest.mark.parametrize(
    "batches",
    [
        Batches(),
        Batches(size=10),
        Batches(size=10_000, window=cdk.Duration.seconds(1)),
        Batches(window=cdk.Duration.minutes(5)),
    ],
    ids=["usual", "ten", "gathered", "late"],
)
def test_these_are_made_of_a_queue(stack: cdk.Stack, batches: Batches) -> None:
    batches.check(queue(stack), None, function_seconds=60)


def test_of_an_imported_queue_nothing_is_known(stack: cdk.Stack) -> None:
    imported = sqs.Queue.from_queue_arn(stack, "Queue", "arn:aws:sqs:eu-west-1:111122223333:orders")

    Batches().check(imported, None, function_seconds=900)


def test_a_stream_has_large_ones_at_once(stack: cdk.Stack) -> None:
    Batches(size=10_000).check(kinesis.Stream(stack, "Stream"), kms.Key(stack, "Key"), function_seconds=60)


@pytest.mark.parametrize(
    ("batches", "source", "message"),
    [
        (Batches(size=0), {}, "batches.size must be a whole number from 1 to 10000, got 0"),
        (
            Batches(size=11),
            {},
            "batches.size must be at most 10 for a queue without a window of at least a second, got 11",
        ),
        (
            Batches(size=11, window=cdk.Duration.seconds(1)),
            {"fifo": True},
            "batches.size must be at most 10 for a FIFO queue, got 11",
        ),
        (
            Batches(window=cdk.Duration.minutes(6)),
            {},
            "batches.window must be a Duration of whole seconds up to 5 minutes, got 6 minutes",
        ),
        (
            Batches(max_concurrency=1),
            {},
            "batches.max_concurrency must be a whole number from 2 to 1000, got 1",
        ),
        (Batches(max_concurrency=1001), {}, "from 2 to 1000, got 1001"),
        (
            Batches(max_record_age=cdk.Duration.hours(1)),
            {},
            "must be left out for a queue, whose dead-letter queue says how often a record is tried, got 1 hour",
        ),
        (Batches(), {"dead_letter_queue": None}, "comes back until it expires, got Orders/Queue without one"),
        (
            Batches(),
            {"visibility_timeout": None},
            "at least 360 seconds, 6 times the function's, got 30 for Orders/Queue",
        ),
        (Batches(), {"visibility_timeout": cdk.Duration.seconds(359)}, "got 359 for Orders/Queue"),
    ],
)
def test_refuses_what_lambda_would_not_do_or_would_lose(
    stack: cdk.Stack, batches: Batches, source: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        batches.check(queue(stack, **source), None, function_seconds=60)
    assert str(refused.value).endswith(message)


def test_refuses_a_stream_without_a_key_for_what_failed(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^transport_key must be given for a stream, whose failed records go"):
        Batches().check(kinesis.Stream(stack, "Stream"), None, function_seconds=60)


def test_refuses_a_key_that_a_queue_has_no_use_for(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^transport_key must be left out for a queue, which has a dead-"):
        Batches().check(queue(stack), kms.Key(stack, "Key"), function_seconds=60)


def test_a_record_of_a_stream_may_be_tried_for_as_long_as_it_is_kept(stack: cdk.Stack) -> None:
    long = kinesis.Stream(stack, "Long", retention_period=cdk.Duration.days(7))
    imported = kinesis.Stream.from_stream_arn(stack, "Far", "arn:aws:kinesis:eu-west-1:111122223333:stream/far")
    key = kms.Key(stack, "Key")

    Batches(max_record_age=cdk.Duration.hours(23)).check(kinesis.Stream(stack, "Day"), key, function_seconds=60)
    Batches(max_record_age=cdk.Duration.hours(167)).check(long, key, function_seconds=60)
    Batches(max_record_age=cdk.Duration.days(7)).check(imported, key, function_seconds=60)


@pytest.mark.parametrize(
    ("batches", "message"),
    [
        (Batches(max_concurrency=2), "batches.max_concurrency must be left out for a stream, which has one invocation"),
        (Batches(max_record_age=cdk.Duration.seconds(59)), "from 1 minute to 7 days, got 59 seconds"),
        (Batches(max_record_age=cdk.Duration.days(8)), "from 1 minute to 7 days, got 8 days"),
        (Batches(max_record_age=3_600), "from 1 minute to 7 days, got 3600"),  # type: ignore[arg-type]
        (
            Batches(max_record_age=cdk.Duration.days(1)),
            "batches.max_record_age must be less than the 24 hours for which Orders/Stream keeps records, or they are",
        ),
    ],
)
def test_refuses_to_try_records_that_are_gone(stack: cdk.Stack, batches: Batches, message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        batches.check(kinesis.Stream(stack, "Stream"), kms.Key(stack, "Key"), function_seconds=60)
    assert message in str(refused.value)
