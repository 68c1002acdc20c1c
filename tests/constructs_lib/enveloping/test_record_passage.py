"""From where to where records pass."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_sqs as sqs

from constructs_lib import ConfigurationError
from constructs_lib.enveloping.record_passage import announce_lost_order, check_passage

MakeApp = Callable[..., cdk.App]


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "Orders")


def warnings(stack: cdk.Stack) -> list[str]:
    return [str(entry.data) for entry in stack.node.metadata if entry.type == "aws:cdk:warning"]


def queue(stack: cdk.Stack, name: str) -> sqs.Queue:
    return sqs.Queue(stack, name)


def fifo_queue(stack: cdk.Stack, name: str) -> sqs.Queue:
    return sqs.Queue(stack, name, fifo=True)


def stream(stack: cdk.Stack, name: str) -> kinesis.Stream:
    return kinesis.Stream(stack, name)


@pytest.mark.parametrize("source", [fifo_queue, stream])
def test_that_order_is_lost_in_a_standard_queue_is_announced(
    source: Callable[[cdk.Stack, str], sqs.Queue | kinesis.Stream], stack: cdk.Stack
) -> None:
    announce_lost_order(stack, source(stack, "From"), queue(stack, "To"))

    (said,) = warnings(stack)
    assert said.startswith("records of Orders/From have an order, which Orders/To, a standard queue, does not keep: ")


@pytest.mark.parametrize(
    ("source", "destination"),
    [(queue, queue), (queue, fifo_queue), (fifo_queue, fifo_queue), (fifo_queue, stream), (stream, fifo_queue)],
)
def test_nothing_is_announced_where_order_is_kept_or_was_none(
    source: Callable[[cdk.Stack, str], sqs.Queue | kinesis.Stream],
    destination: Callable[[cdk.Stack, str], sqs.Queue | kinesis.Stream],
    stack: cdk.Stack,
) -> None:
    one, other = source(stack, "From"), destination(stack, "To")
    check_passage(one, other)
    announce_lost_order(stack, one, other)

    assert warnings(stack) == []


def test_refuses_the_source_as_destination(stack: cdk.Stack) -> None:
    both = stream(stack, "Clicks")
    with pytest.raises(
        ConfigurationError, match=r"^destination must be another one than source, got Orders/Clicks for"
    ):
        check_passage(both, both)


def test_refuses_the_dead_letter_queue_of_the_source(stack: cdk.Stack) -> None:
    dead = queue(stack, "Dead")
    source = sqs.Queue(stack, "From", dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=3, queue=dead))
    with pytest.raises(ConfigurationError) as refused:
        check_passage(source, dead)
    assert str(refused.value) == (
        "destination must be another queue than the dead-letter queue of source, where results and failures could not "
        "be told apart, got Orders/Dead"
    )
