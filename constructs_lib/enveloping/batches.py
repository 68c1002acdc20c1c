"""Batches: how records of a queue or a stream reach a function, and what becomes of those that fail.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs

from constructs_lib.enveloping.answered_findings import REDRIVEN, answer
from constructs_lib.enveloping.function_settings import check_count
from constructs_lib.enveloping.polled_sources import QueueOrStream, arn_of, is_queue, let_send
from constructs_lib.enveloping.retried_queue import VISIBLE_AFTER_TIMEOUTS, dead_letters
from constructs_lib.errors import ConfigurationError

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms
    from constructs import Construct

_SIZES = range(1, 10_001)
_WITHOUT_WINDOW = 10
_WINDOW = range(301)
_USUAL_VISIBILITY = 30
_TRIES_OF_STREAM = 5


class Fed(Protocol):
    """A function with its role."""

    function: lambda_.Function
    role: "iam.Role"


@dataclass(frozen=True, kw_only=True)
class Batches:
    """How many records one invocation gets.

    Attributes:
        size: At most how many, up to 10,000; of a FIFO queue 10. Default: 10 of a queue, 100 of a stream.
        window: How long Lambda gathers them, up to 5 minutes. A queue whose batches are larger than 10 needs at least a
            second, and a FIFO queue has none. Default: not at all.
    """

    size: int | None = None
    window: cdk.Duration | None = None

    def check(self, source: QueueOrStream, transport_key: "kms.IKey | None", *, function_seconds: int) -> None:
        """Refuse batches that Lambda would not make, and sources that lose what fails or hand it out twice.

        Args:
            source: Where records come from.
            transport_key: The key of the queue of what failed, for a stream.
            function_seconds: How long the function may take.

        Raises:
            ConfigurationError: If they are such.
        """
        check_count("batches.size", self.size, _SIZES)
        seconds = self._window_seconds()
        if not is_queue(source):
            if transport_key is None:
                raise ConfigurationError("transport_key must be given for a stream, whose failed records go to a queue")
            return
        if transport_key is not None:
            raise ConfigurationError(
                "transport_key must be left out for a queue, which has a dead-letter queue of its own, got "
                f"{transport_key.node.path}"
            )
        if (self.size or 0) > _WITHOUT_WINDOW and (source.fifo or not seconds):
            limit = "10 for a FIFO queue" if source.fifo else "10 for a queue without a window of at least a second"
            raise ConfigurationError(f"batches.size must be at most {limit}, got {self.size}")
        _check_queue(source, function_seconds)

    def feed(
        self, scope: "Construct", fed: "Fed", source: QueueOrStream, transport_key: "kms.IKey | None"
    ) -> sqs.Queue | None:
        """Have Lambda poll a source for a function.

        Args:
            scope: The construct that owns the queue of what failed.
            fed: The function.
            source: Where records come from.
            transport_key: The key of that queue, for a stream.

        Returns:
            That queue; None for a queue, which has one.
        """
        if transport_key is None:
            mapping = fed.function.add_event_source_mapping(
                "Source",
                event_source_arn=arn_of(source),
                batch_size=self.size,
                max_batching_window=self.window,
                report_batch_item_failures=True,
            )
            answer(mapping, {"Serverless-LambdaEventSourceMappingDestination": REDRIVEN})
            return None
        failed = dead_letters(scope, "Failed", key=transport_key)
        let_send(fed.role, failed)
        fed.function.add_event_source_mapping(
            "Source",
            event_source_arn=arn_of(source),
            batch_size=self.size,
            max_batching_window=self.window,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            retry_attempts=_TRIES_OF_STREAM,
            bisect_batch_on_error=True,
            report_batch_item_failures=True,
            on_failure=cast("lambda_.IEventSourceDlq", _Failed(failed)),
        )
        return failed

    def _window_seconds(self) -> int:
        if self.window is None:
            return 0
        is_duration = isinstance(self.window, cdk.Duration)
        if not is_duration or self.window.to_seconds(integral=False) not in _WINDOW:
            said = self.window.to_human_string() if is_duration else repr(self.window)
            raise ConfigurationError(f"batches.window must be a Duration of whole seconds up to 5 minutes, got {said}")
        return int(self.window.to_seconds())


def _check_queue(queue: sqs.IQueue, function_seconds: int) -> None:
    resource = queue.node.default_child
    if not isinstance(resource, sqs.CfnQueue):  # of another app: nothing can be seen of it
        return
    if resource.redrive_policy is None:
        raise ConfigurationError(
            "source must have a dead-letter queue, or a record that can never be opened comes back until it expires, "
            f"got {queue.node.path} without one"
        )
    needed, hidden = VISIBLE_AFTER_TIMEOUTS * function_seconds, resource.visibility_timeout or _USUAL_VISIBILITY
    if not cdk.Token.is_unresolved(hidden) and hidden < needed:
        raise ConfigurationError(
            f"source must have a visibility timeout of at least {needed} seconds, {VISIBLE_AFTER_TIMEOUTS} times the "
            f"function's, got {hidden:g} for {queue.node.path}"
        )


@jsii.implements(lambda_.IEventSourceDlq)
class _Failed:
    """Where Lambda puts which records of a stream failed, without the permissions that the CDK's own would add."""

    def __init__(self, queue: sqs.IQueue) -> None:
        self._queue = queue

    def bind(
        self,
        _target: lambda_.IEventSourceMapping,
        _target_handler: lambda_.IFunction,
    ) -> lambda_.DlqDestinationConfig:
        return lambda_.DlqDestinationConfig(destination=self._queue.queue_arn)
