"""RecordEncryption: records of a queue or a stream, encrypted or decrypted into another."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Unpack

from constructs import Construct

from constructs_lib.envelope_function import Duty, EnvelopeFunction, InvokedBy
from constructs_lib.enveloping.batches import Batches
from constructs_lib.enveloping.data_key_limits import DataKeyLimits
from constructs_lib.enveloping.envelope_keys import KeyUse, check_keys, numbered, to_decrypt, to_encrypt
from constructs_lib.enveloping.function_settings import RECORDS, FunctionSettings, read_function_settings
from constructs_lib.enveloping.handler_environment import (
    DATA_KEY_CACHE,
    RECORD_CONTEXT,
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
    is_queue,
    is_stream,
    key_of,
    let_poll,
    let_send,
)
from constructs_lib.enveloping.required_context import fixed_context
from constructs_lib.errors import ConfigurationError
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
    to a queue is base64, messages and plaintext alike, since SQS takes text only; a stream gets the bytes. One bad record
    fails alone: the others go on, and it is tried again until it ends in the dead-letter queue.

    One data key serves many records, within `data_keys`. It can do so only because all of them have the same encryption
    context, `record_context`: a context for each record would cost a call of KMS for each.

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
        ...     record_context={"purpose": "clicks"},
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
        record_context: Mapping[str, str],
        transport_key: "kms.IKey | None" = None,
        data_keys: DataKeyLimits | None = None,
        further_keys: "Sequence[kms.IKey]" = (),
        algorithm_suite: AlgorithmSuite = AlgorithmSuite.COMMITTING,
        commitment_policy: CommitmentPolicy = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
        batches: Batches | None = None,
        **settings: Unpack[FunctionSettings],
    ) -> None:
        """Define the function and have Lambda feed it.

        Args:
            scope: The construct that owns the function.
            construct_id: Name within `scope`.
            direction: Whether records are encrypted or decrypted.
            source: Where records come from. A queue must have a dead-letter queue, and hide a message for six times as
                long as the function may take.
            destination: Where results go.
            encryption_key: The key that makes and wraps the data keys, or the first by which they are opened.
            operations_key: The key of the logs, in the function's Region.
            record_context: The encryption context of every record.
            transport_key: For a stream, the key of `dead_letter_queue`. For a queue it is left out.
            data_keys: How long one data key serves. Default: five minutes, 10,000 records, 1 GiB.
            further_keys: Other keys under which each data key is wrapped as well. Default: none.
            algorithm_suite: How messages are sealed. Default: with key commitment, without a signature.
            commitment_policy: Which messages are read. Default: only those that commit to their data key.
            batches: How many records an invocation gets. Default: as many as Lambda gives by itself, 10 of a queue and
                100 of a stream.
            **settings: How the function runs: `FunctionSettings`. Default: 512 MB and 60 seconds.

        Raises:
            ConfigurationError: If source or destination is neither queue nor stream, both are one, or one is encrypted
                under an envelope key; if a queue loses what fails or hands it out twice; or if a value is out of range.
        """
        read = read_function_settings(settings)
        keys = {"encryption_key": encryption_key, **numbered("further_keys", further_keys)}
        own = {
            "source": key_of(_checked("source", source)),
            "destination": key_of(_checked("destination", destination)),
        }
        others = {"operations_key": operations_key, "transport_key": transport_key, **own}
        check_keys(keys, {name: key for name, key in others.items() if key is not None})
        check_reach(scope, keys)
        if arn_of(source) == arn_of(destination):
            raise ConfigurationError(f"destination must be another one than source, got {source.node.path} for both")
        encrypts = check_choice("direction", direction, Direction) is Direction.ENCRYPT
        check_choice("algorithm_suite", algorithm_suite, AlgorithmSuite)
        check_choice("commitment_policy", commitment_policy, CommitmentPolicy)
        entries = fixed_context("record_context", record_context)
        seconds = read.timeout_seconds or RECORDS.seconds
        batches = batches or Batches()
        batches.check(source, transport_key, function_seconds=seconds)
        super().__init__(scope, construct_id)
        every = [encryption_key, *further_keys]
        duty = _duty(
            direction,
            uses=to_encrypt(encryption_key, further_keys) if encrypts else to_decrypt(every),
            environment={
                **wrapping_keys(self, encryption_key, further_keys),
                **(written_with(algorithm_suite) if encrypts else read_under(commitment_policy)),
                RECORD_CONTEXT: entries,
                RECORDS_TO: destination.queue_url if is_queue(destination) else arn_of(destination),
                DATA_KEY_CACHE: (data_keys or DataKeyLimits()).environment,
            },
        )
        function = EnvelopeFunction(
            self, "Function", duty=duty, code=read.code(), operations_key=operations_key, settings=read
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


def _checked(argument: str, given: QueueOrStream) -> QueueOrStream:
    if not is_queue(given) and not is_stream(given):
        raise ConfigurationError(f"{argument} must be a queue of SQS or a stream of Kinesis, got {given!r}")
    return given
