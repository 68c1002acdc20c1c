"""From where to where records may pass, and what is lost on the way.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html
"""

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_sqs as sqs

from constructs_lib.enveloping.polled_sources import QueueOrStream, arn_of, is_queue
from constructs_lib.errors import ConfigurationError

if TYPE_CHECKING:
    from constructs import Construct


def check_passage(source: QueueOrStream, destination: QueueOrStream) -> None:
    """Refuse a way that leads back to its source.

    Args:
        source: Where records come from.
        destination: Where they go.

    Raises:
        ConfigurationError: If the destination is the source, or its dead-letter queue.
    """
    if arn_of(source) == arn_of(destination):
        raise ConfigurationError(f"destination must be another one than source, got {source.node.path} for both")
    behind = source.dead_letter_queue if isinstance(source, sqs.Queue) else None
    if behind is not None and behind.queue.queue_arn == arn_of(destination):
        raise ConfigurationError(
            "destination must be another queue than the dead-letter queue of source, where results and failures could "
            f"not be told apart, got {destination.node.path}"
        )


def announce_lost_order(scope: "Construct", source: QueueOrStream, destination: QueueOrStream) -> None:
    """Announce that records that have an order go where there is none: into a standard queue.

    Args:
        scope: The construct that makes them pass.
        source: Where records come from.
        destination: Where they go.
    """
    has_order = not is_queue(source) or source.fifo
    if has_order and is_queue(destination) and not destination.fifo:
        cdk.Annotations.of(scope).add_warning_v2(
            "cdk-key-management:order-lost",
            f"records of {source.node.path} have an order, which {destination.node.path}, a standard queue, does not "
            "keep: give a FIFO queue or a stream as destination where that matters",
        )
