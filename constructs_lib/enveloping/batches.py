"""Batches: how records of a queue or a stream reach a function, and what becomes of those that fail.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs

from constructs_lib.enveloping.answered_findings import REDRIVEN
from constructs_lib.enveloping.polled_sources import QueueOrStream, arn_of, is_queue, let_send
from constructs_lib.enveloping.queue_concurrency import check_concurrency
from constructs_lib.enveloping.retried_queue import VISIBLE_AFTER_TIMEOUTS, dead_letters
from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.checked_values import check_count
from constructs_lib.wiring.findings import answer

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms
    from constructs import Construct

_SIZES = range(1, 10_001)
_WITHOUT_WINDOW = 10
_WINDOW = range(301)
_USUAL_VISIBILITY = 30
_RECORD_AGE = range(60, 7 * 86_400 + 1)
_USUAL_RETENTION_HOURS = 24


def _half_a_day() -> cdk.Duration:
    return cdk.Duration.hours(12)


class Fed(Protocol):
    """A function with its role."""

    function: lambda_.Function
    role: "iam.Role"


@dataclass(frozen=True, kw_only=True)
class Batches:
    """How many records one invocation gets, how many invocations there are at once, and how long a record is tried.

    Attributes:
        size: At most how many, up to 10,000; of a FIFO queue 10. Default: 10 of a queue, 100 of a stream.
        window: How long Lambda gathers them, up to 5 minutes. A queue whose batches are larger than 10 needs at least a
            second, and a FIFO queue has none. Default: not at all.
        max_concurrency: Of a queue: how many invocations Lambda runs at once, 2 to 1,000. A stream has one for each
            shard. Default: as many as Lambda finds good.
        max_record_age: Of a stream: how old a record may be when it is tried for the last time, from a minute to 7
            days, and less than the stream keeps records. A queue says so by its dead-letter queue. Default: 12 hours,
            half of what a stream keeps unless told otherwise. While a record fails, those behind it in its shard wait.
            Older records are given up, after an outage that lasts longer as in a stream that was full before there was
            a function: which ones is told to the queue of what failed, and the stream has their data for the rest of
            its retention.
    """

    size: int | None = None
    window: cdk.Duration | None = None
    max_concurrency: int | None = None
    max_record_age: cdk.Duration | None = None

    def check(
        self,
        source: QueueOrStream,
        transport_key: "kms.IKey | None",
        *,
        function_seconds: int,
        reserved_concurrency: int | None = None,
    ) -> None:
        """Refuse batches that Lambda would not make, and sources that lose what fails or hand it out twice.

        Args:
            source: Where records come from.
            transport_key: The key of the queue of what failed, for a stream.
            function_seconds: How long the function may take.
            reserved_concurrency: How many executions it has to itself. Default: it shares what is left.

        Raises:
            ConfigurationError: If they are such.
        """
        check_count("batches.size", self.size, _SIZES)
        seconds = self._window_seconds()
        if not is_queue(source):
            if transport_key is None:
                raise ConfigurationError("transport_key must be given for a stream, whose failed records go to a queue")
            self._check_stream(cast("kinesis.IStream", source))
            return
        if transport_key is not None:
            raise ConfigurationError(
                "transport_key must be left out for a queue, which has a dead-letter queue of its own, got "
                f"{transport_key.node.path}"
            )
        if self.max_record_age is not None:
            raise ConfigurationError(
                "batches.max_record_age must be left out for a queue, whose dead-letter queue says how often a record "
                f"is tried, got {_said(self.max_record_age)}"
            )
        check_concurrency("batches.max_concurrency", self.max_concurrency, reserved_concurrency)
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
                max_concurrency=self.max_concurrency,
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
            max_record_age=self.max_record_age or _half_a_day(),  # and no other end of the tries
            bisect_batch_on_error=True,
            report_batch_item_failures=True,
            on_failure=cast("lambda_.IEventSourceDlq", _Failed(failed)),
        )
        return failed

    def _window_seconds(self) -> int:
        if self.window is None:
            return 0
        if not isinstance(self.window, cdk.Duration) or self.window.to_seconds(integral=False) not in _WINDOW:
            raise ConfigurationError(
                f"batches.window must be a Duration of whole seconds up to 5 minutes, got {_said(self.window)}"
            )
        return int(self.window.to_seconds())

    def _check_stream(self, stream: kinesis.IStream) -> None:
        if self.max_concurrency is not None:
            raise ConfigurationError(
                "batches.max_concurrency must be left out for a stream, which has one invocation for each shard, got "
                f"{self.max_concurrency!r}"
            )
        age = self.max_record_age
        if age is not None and (not isinstance(age, cdk.Duration) or age.to_seconds(integral=False) not in _RECORD_AGE):
            raise ConfigurationError(
                f"batches.max_record_age must be a Duration of whole seconds from 1 minute to 7 days, got {_said(age)}"
            )
        resource = stream.node.default_child
        if not isinstance(resource, kinesis.CfnStream):  # of another app: nothing can be seen of it
            return
        kept = resource.retention_period_hours or _USUAL_RETENTION_HOURS
        if age is not None and not cdk.Token.is_unresolved(kept) and age.to_hours(integral=False) >= kept:
            raise ConfigurationError(
                f"batches.max_record_age must be less than the {kept:g} hours for which {stream.node.path} keeps "
                f"records, or they are gone before anybody is told, got {_said(age)}"
            )


def _said(given: object) -> str:
    return given.to_human_string() if isinstance(given, cdk.Duration) else repr(given)


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
