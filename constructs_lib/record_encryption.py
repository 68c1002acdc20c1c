"""RecordEncryption: records of a queue or a stream, encrypted or decrypted into another."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Unpack

from constructs import Construct

from constructs_lib.envelope_function import Duty, EnvelopeFunction, InvokedBy
from constructs_lib.enveloping.batches import Batches
from constructs_lib.enveloping.capacities import RECORDS
from constructs_lib.enveloping.data_key_limits import DataKeyLimits
from constructs_lib.enveloping.envelope_keys import KeyUse, check_keys, numbered, to_decrypt, to_encrypt
from constructs_lib.enveloping.handler_environment import (
    DATA_KEY_CACHE,
    ENCRYPTION_CONTEXT,
    RECORDS_TO,
    read_under,
    wrapping_keys,
    written_with,
)
from constructs_lib.enveloping.message_settings import AlgorithmSuite, CommitmentPolicy
from constructs_lib.enveloping.named_keys import check_reach
from constructs_lib.enveloping.polled_sources import (
    QueueOrStream,
    arn_of,
    check_polled,
    is_queue,
    key_of,
    let_poll,
    let_send,
)
from constructs_lib.enveloping.record_passage import announce_lost_order, check_passage
from constructs_lib.enveloping.required_context import fixed_context
from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.checked_values import check_instance
from constructs_lib.functions.function_settings import FunctionSettings, read_function_settings
from constructs_lib.key_settings import check_choice

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_sqs as sqs


class Direction(Enum):
    """What becomes of records."""

    ENCRYPT = "encrypt"
    """Plaintext becomes messages."""
    DECRYPT = "decrypt"
    """Messages become plaintext."""


class RecordEncryption(Construct):
    """A function between two queues or streams, through which records pass as messages or as plaintext.

    The body of a message of SQS, or the data of a record of Kinesis, is what is encrypted or decrypted. What is written
    to a queue is base64, messages and plaintext alike, since SQS takes text only; a stream gets the bytes. One bad
    record fails alone: the others go on, and it is tried again until it ends in the dead-letter queue.

    One data key serves many records, within `data_keys`. It can do so only because all of them have the same encryption
    context, `encryption_context`: a context for each record would cost a call of KMS for each.

    Its role may either make data keys or decrypt under the envelope key, receive from the source, and send to the
    destination. Neither may be encrypted under the envelope key.

    Attributes:
        function: The function.
        dead_letter_queue: For a stream, where Lambda puts which records failed, without their data. For a queue None:
            its own dead-letter queue keeps what fails.

    Examples:
        >>> import aws_cdk as cdk
        >>> from aws_cdk import aws_kinesis as kinesis
        >>> from aws_cdk import aws_kms as kms
        >>> stack = cdk.Stack(cdk.App(context={"aws:cdk:bundling-stacks": []}), "Orders")
        >>> records = RecordEncryption(
        ...     stack,
        ...     "Records",
        ...     direction=Direction.ENCRYPT,
        ...     source=kinesis.Stream(stack, "Clicks"),
        ...     destination=kinesis.Stream(stack, "SealedClicks"),
        ...     encryption_key=kms.Key(stack, "DataKey"),
        ...     transport_key=kms.Key(stack, "QueueKey"),
        ...     operations_key=kms.Key(stack, "LogKey"),
        ...     encryption_context={"purpose": "clicks"},
        ... )
        >>> records.function.node.path
        'Orders/Records/Function/Resource'
    """

    function: "lambda_.Function"
    dead_letter_queue: "sqs.Queue | None"

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        direction: Direction,
        source: QueueOrStream,
        destination: QueueOrStream,
        encryption_key: "kms.IKey",
        operations_key: "kms.IKey",
        encryption_context: Mapping[str, str],
        transport_key: "kms.IKey | None" = None,
        data_keys: DataKeyLimits | None = None,
        further_keys: "Sequence[kms.IKey]" = (),
        algorithm_suite: AlgorithmSuite | None = None,
        commitment_policy: CommitmentPolicy | None = None,
        batches: Batches | None = None,
        **settings: Unpack[FunctionSettings],
    ) -> None:
        """Define the function and have Lambda feed it.

        Args:
            scope: The construct that owns the function.
            construct_id: Name within `scope`.
            direction: Whether records are encrypted or decrypted.
            source: Where records come from, in the function's Region. A queue must have a dead-letter queue, and hide a
                message for six times as long as the function may take.
            destination: Where results go. Into a standard queue, records of a FIFO queue or a stream lose their order,
                which is announced. A queue is in the function's Region.
            encryption_key: The key that makes and wraps the data keys, or the first by which they are opened.
            operations_key: The key of the logs, in the function's Region.
            encryption_context: The encryption context of every record.
            transport_key: For a stream, the key of `dead_letter_queue`. For a queue it is left out.
            data_keys: How long one data key serves. Default: five minutes, 10,000 records, 1 GiB.
            further_keys: Other keys under which each data key is wrapped as well, at most four. Default: none.
            algorithm_suite: Where records are encrypted, how messages are sealed. Default: with key commitment, without
                a signature.
            commitment_policy: Where records are decrypted, which messages are read. Default: only those that commit to
                their data key.
            batches: How many records an invocation gets, how many invocations there are at once, and how long a record
                of a stream is tried. Default: as many as Lambda gives by itself, 10 of a queue and 100 of a stream, for
                12 hours.
            **settings: How the function runs: `FunctionSettings`. Default: 512 MB and 60 seconds.

        Raises:
            ConfigurationError: If source or destination is neither queue nor stream, both are one, the one is the
                dead-letter queue of the other, or one is encrypted under an envelope key; if a queue loses what fails
                or hands it out twice; if a choice is for the other direction; or if a value is out of range.
        """
        read = read_function_settings(settings)
        keys = {"encryption_key": encryption_key, **numbered("further_keys", further_keys)}
        ends = {"source": source, "destination": destination}
        for argument, end in ends.items():
            check_polled(scope, argument, end)
        own = {argument: key_of(end) for argument, end in ends.items()}
        others = {"operations_key": operations_key, "transport_key": transport_key, **own}
        check_keys(keys, {name: key for name, key in others.items() if key is not None})
        check_reach(scope, keys)
        check_passage(source, destination)
        about_messages = _about_messages(direction, algorithm_suite, commitment_policy)
        encrypts = direction is Direction.ENCRYPT
        entries = fixed_context("encryption_context", encryption_context)
        seconds = read.timeout_seconds or RECORDS.seconds
        batches = check_instance("batches", Batches() if batches is None else batches, Batches)
        batches.check(source, transport_key, function_seconds=seconds, reserved_concurrency=read.reserved_concurrency)
        cache = check_instance("data_keys", DataKeyLimits() if data_keys is None else data_keys, DataKeyLimits)
        super().__init__(scope, construct_id)
        announce_lost_order(self, source, destination)
        every = [encryption_key, *further_keys]
        duty = _duty(
            direction,
            uses=to_encrypt(encryption_key, further_keys) if encrypts else to_decrypt(every),
            environment={
                **wrapping_keys(self, encryption_key, further_keys),
                **about_messages,
                ENCRYPTION_CONTEXT: entries,
                RECORDS_TO: destination.queue_url if is_queue(destination) else arn_of(destination),
                DATA_KEY_CACHE: cache.environment,
            },
        )
        function = EnvelopeFunction(
            self, "Function", duty=duty, code=read.code("envelope"), operations_key=operations_key, settings=read
        )
        self.function = function.function
        let_poll(function.role, source)
        let_send(function.role, destination)
        self.dead_letter_queue = batches.feed(self, function, source, transport_key)


def _duty(direction: Direction, *, uses: Sequence[KeyUse], environment: Mapping[str, str]) -> Duty:
    encrypts = direction is Direction.ENCRYPT
    return Duty(
        handler=f"envelope.handler.{direction.value}_records",
        description="Encrypts records into AWS Encryption SDK messages" if encrypts else "Decrypts records",
        environment=environment,
        uses=uses,
        capacity=RECORDS,
        invoked_by=InvokedBy.A_SOURCE,
    )


def _about_messages(
    direction: Direction, algorithm_suite: AlgorithmSuite | None, commitment_policy: CommitmentPolicy | None
) -> dict[str, str]:
    """Return how messages are written or which are read.

    Raises:
        ConfigurationError: If a choice is none, or would have no effect.
    """
    if check_choice("direction", direction, Direction) is Direction.ENCRYPT:
        if commitment_policy is not None:
            raise ConfigurationError(
                f"commitment_policy must be left out where records are encrypted, got {commitment_policy!r}"
            )
        suite = AlgorithmSuite.COMMITTING if algorithm_suite is None else algorithm_suite
        return written_with(check_choice("algorithm_suite", suite, AlgorithmSuite))
    if algorithm_suite is not None:
        raise ConfigurationError(
            f"algorithm_suite must be left out where records are decrypted, got {algorithm_suite!r}"
        )
    policy = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT if commitment_policy is None else commitment_policy
    return read_under(check_choice("commitment_policy", policy, CommitmentPolicy))
