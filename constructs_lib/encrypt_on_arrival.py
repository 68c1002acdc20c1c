"""EncryptOnArrival: every object that arrives in a bucket becomes a message in another."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Unpack

from constructs import Construct

from constructs_lib.envelope_function import Duty, EnvelopeFunction, InvokedBy
from constructs_lib.enveloping.answered_findings import REDRIVEN
from constructs_lib.enveloping.arrival_ways import check_way, name_of
from constructs_lib.enveloping.capacities import OBJECTS
from constructs_lib.enveloping.envelope_keys import check_keys, numbered, to_encrypt
from constructs_lib.enveloping.handler_environment import (
    ARRIVALS_FROM,
    ARRIVALS_PREFIX,
    ARRIVALS_TO,
    ENCRYPTION_CONTEXT,
    wrapping_keys,
    written_with,
)
from constructs_lib.enveloping.message_settings import AlgorithmSuite
from constructs_lib.enveloping.named_keys import check_reach
from constructs_lib.enveloping.object_events import Notifications, new_objects_to_queue, tell_event_bridge
from constructs_lib.enveloping.object_traffic import Objects, abort_unfinished_uploads
from constructs_lib.enveloping.polled_sources import let_poll
from constructs_lib.enveloping.queue_concurrency import CONCURRENCY, check_concurrency
from constructs_lib.enveloping.required_context import fixed_context
from constructs_lib.enveloping.retried_queue import RetriedQueue
from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.checked_values import check_number
from constructs_lib.functions.function_settings import FunctionSettings, read_function_settings
from constructs_lib.key_settings import check_choice
from constructs_lib.wiring.findings import answer
from constructs_lib.wiring.given_resources import check_region, check_text

if TYPE_CHECKING:
    from aws_cdk import aws_events as events
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_s3 as s3
    from aws_cdk import aws_sqs as sqs

# A batch without a window to wait in. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
_BATCH = range(1, 11)
_RECEIVES = range(1, 1001)


class EncryptOnArrival(Construct):
    """A bucket whose new objects are encrypted into another, without anybody who invokes anything.

    S3 tells EventBridge of each new object; a rule sends that to a queue, from which Lambda feeds the encrypting
    function. What fails is tried again, and at last waits in `dead_letter_queue` for fourteen days. The message of an
    object has the object's key behind `destination_prefix`. News that comes twice, or late, changes nothing: the
    function looks at what is there and never replaces the message of a newer object.

    Nothing deletes the plaintext: that is a lifecycle rule of the source bucket, or whoever put it there. Uploads into
    the destination that a dying function left unfinished are forgotten after a day, where the bucket is of this app;
    for another one, a lifecycle rule with `AbortIncompleteMultipartUpload` is recommended.

    Attributes:
        function: The function that encrypts.
        queue: Where news of objects waits.
        dead_letter_queue: Where news waits that failed too often, or was never taken.
        rule: What sends the news.

    Examples:
        >>> import aws_cdk as cdk
        >>> from aws_cdk import aws_kms as kms
        >>> from aws_cdk import aws_s3 as s3
        >>> stack = cdk.Stack(cdk.App(context={"aws:cdk:bundling-stacks": []}), "Orders")
        >>> arrival = EncryptOnArrival(
        ...     stack,
        ...     "Arrival",
        ...     source=s3.Bucket(stack, "Arrivals"),
        ...     destination=s3.Bucket(stack, "Messages"),
        ...     encryption_key=kms.Key(stack, "DataKey"),
        ...     transport_key=kms.Key(stack, "QueueKey"),
        ...     operations_key=kms.Key(stack, "LogKey"),
        ...     encryption_context={"purpose": "orders"},
        ... )
        >>> arrival.dead_letter_queue.node.path
        'Orders/Arrival/Queue/DeadLetters'
    """

    function: "lambda_.Function"
    queue: "sqs.Queue"
    dead_letter_queue: "sqs.Queue"
    rule: "events.Rule"

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        source: "s3.IBucket",
        destination: "s3.IBucket",
        encryption_key: "kms.IKey",
        transport_key: "kms.IKey",
        operations_key: "kms.IKey",
        encryption_context: Mapping[str, str],
        source_prefix: str = "",
        destination_prefix: str = "",
        further_keys: "Sequence[kms.IKey]" = (),
        algorithm_suite: AlgorithmSuite = AlgorithmSuite.COMMITTING,
        notifications: Notifications = Notifications.TURNED_ON_HERE,
        batch_size: int = 1,
        max_concurrency: int = 10,
        max_receives: int = 10,
        **settings: Unpack[FunctionSettings],
    ) -> None:
        """Define queue, rule and function.

        Args:
            scope: The construct that owns them.
            construct_id: Name within `scope`.
            source: The bucket of plaintext, in the function's Region.
            destination: The bucket of messages, another one: a message in the same bucket would be an arrival again.
            encryption_key: The key that makes and wraps the data keys.
            transport_key: The key of both queues: EventBridge is admitted to it for this one rule.
            operations_key: The key of the logs, in the function's Region.
            encryption_context: Entries of the encryption context of every message. The function adds `object-id`, the
                URI of the message, which decryption demands.
            source_prefix: How the keys begin of objects that are encrypted. Default: any key.
            destination_prefix: What stands before them in the keys of messages. Default: nothing.
            further_keys: Other keys under which each data key is wrapped as well, at most four. Default: none.
            algorithm_suite: How messages are sealed. Default: with key commitment, without a signature.
            notifications: Who turns on the events of the source bucket. Default: this construct.
            batch_size: How many objects one invocation gets, one after another, at most 10. Default: one.
            max_concurrency: How many invocations Lambda runs at once, 2 to 1,000, and no more than
                `reserved_concurrency`. Default: ten.
            max_receives: How often an object is tried. Default: ten times.
            **settings: How the function runs: `FunctionSettings`. Default: 1,769 MB and 15 minutes. What failed is
                tried again a minute after `timeout` is over, so after 16 minutes, and for 2 hours and 40 minutes in
                all: where objects are small, a shorter one is quicker, and a larger `max_receives` keeps it patient.

        Raises:
            ConfigurationError: If both buckets are one, another one of these constructs writes to the destination or
                reads from it or writes to the source, an envelope key is another one of the keys or that of a bucket,
                the events of the source cannot be turned on here, or a value is out of range.
        """
        read = read_function_settings(settings)
        keys = {"encryption_key": encryption_key, **numbered("further_keys", further_keys)}
        check_keys(keys, {"transport_key": transport_key, "operations_key": operations_key})
        check_reach(scope, keys)
        check_choice("algorithm_suite", algorithm_suite, AlgorithmSuite)
        check_choice("notifications", notifications, Notifications)
        _check_numbers(batch_size, max_concurrency, max_receives)
        check_concurrency("max_concurrency", max_concurrency, read.reserved_concurrency)
        _check_prefixes(destination_prefix, source_prefix)
        plaintext = Objects(argument="source", bucket=source, prefix=source_prefix)
        written = Objects(argument="destination", bucket=destination, prefix=destination_prefix + source_prefix)
        _check_buckets(scope, plaintext, written, list(keys.values()))
        entries = fixed_context("encryption_context", encryption_context)
        tell_event_bridge(source, notifications)
        check_way(scope, construct_id, arriving=plaintext, written=written)
        super().__init__(scope, construct_id)
        duty = Duty(
            handler="envelope.handler.encrypt_arrivals",
            description="Encrypts arriving objects into AWS Encryption SDK messages",
            environment={
                **wrapping_keys(self, encryption_key, further_keys),
                **written_with(algorithm_suite),
                ENCRYPTION_CONTEXT: entries,
                ARRIVALS_FROM: source.bucket_name,
                ARRIVALS_TO: destination.bucket_name,
                ARRIVALS_PREFIX: destination_prefix,
            },
            uses=to_encrypt(encryption_key, further_keys),
            capacity=OBJECTS,
            invoked_by=InvokedBy.A_SOURCE,
        )
        encrypting = EnvelopeFunction(
            self, "Encrypt", duty=duty, code=read.code("envelope"), operations_key=operations_key, settings=read
        )
        plaintext.let_read_current(encrypting.role)  # which is what arrived, by its entity tag
        written.let_replace(encrypting.role)
        abort_unfinished_uploads(written)
        self.function = encrypting.function
        self._queue(encrypting, plaintext, transport_key, max_receives)
        self._feed(batch_size, max_concurrency)

    def _feed(self, batch_size: int, max_concurrency: int) -> None:
        mapping = self.function.add_event_source_mapping(
            "Source",
            event_source_arn=self.queue.queue_arn,
            batch_size=batch_size,
            max_concurrency=max_concurrency,
            report_batch_item_failures=True,
        )
        answer(mapping, {"Serverless-LambdaEventSourceMappingDestination": REDRIVEN})

    def _queue(
        self, encrypting: EnvelopeFunction, plaintext: Objects, transport_key: "kms.IKey", max_receives: int
    ) -> None:
        """Have a rule send the news of objects to a queue, from which the function may be fed."""
        seconds = encrypting.timeout_seconds
        queues = RetriedQueue(self, "Queue", key=transport_key, function_seconds=seconds, max_receives=max_receives)
        self.queue, self.dead_letter_queue = queues.queue, queues.dead_letter_queue
        self.rule = new_objects_to_queue(
            self, "Rule", objects=plaintext, queue=self.queue, undelivered=self.dead_letter_queue
        )
        let_poll(encrypting.role, self.queue)


def _check_numbers(batch_size: int, max_concurrency: int, max_receives: int) -> None:
    check_number("batch_size", batch_size, _BATCH)
    check_number("max_concurrency", max_concurrency, CONCURRENCY)
    check_number("max_receives", max_receives, _RECEIVES)


def _check_prefixes(destination_prefix: str, source_prefix: str) -> None:
    check_text("destination_prefix", destination_prefix)
    check_text("source_prefix", source_prefix)


def _check_buckets(scope: Construct, plaintext: Objects, written: Objects, envelope_keys: "Sequence[kms.IKey]") -> None:
    for objects in (plaintext, written):
        objects.check(envelope_keys)
    if name_of(plaintext.bucket) == name_of(written.bucket):
        raise ConfigurationError(
            "destination must be another bucket than source, where each message would arrive and be encrypted again, "
            f"got {plaintext.bucket.node.path} for both"
        )
    check_region(scope, "source", plaintext.bucket)
