"""RecordEncryption: a function between two queues or streams, which may encrypt or decrypt and never both."""

from collections.abc import Callable
from typing import Any, cast

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from constructs_lib import (
    AlgorithmSuite,
    Batches,
    CommitmentPolicy,
    ConfigurationError,
    DataKeyLimits,
    Direction,
    RecordEncryption,
)
from tests.support.findings import COLLECT_ONLY, PACKS, add_packs, collect_findings
from tests.support.function_roles import actions_by_resource, statements_by_handler, variables_by_handler
from tests.support.synthesised import app_of, only, resources, template_of, written

MakeApp = Callable[..., cdk.App]
ENCRYPT, DECRYPT = "envelope.handler.encrypt_records", "envelope.handler.decrypt_records"
LIMITS = '{"max_age_seconds": 300, "max_bytes": 1073741824, "max_messages": 10000}'
QUEUE_ARN = "arn:aws:sqs:eu-west-1:111122223333:orders"
STREAM_ARN = "arn:aws:kinesis:eu-west-1:111122223333:stream/orders"
READ_STREAM = {f"kinesis:{each}" for each in ("DescribeStream", "DescribeStreamSummary", "GetRecords")}
READ_STREAM |= {"kinesis:GetShardIterator", "kinesis:ListShards"}


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(**COLLECT_ONLY), "Orders")


def arn(number: int) -> str:
    return f"arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-{number:012}"


def imported(stack: cdk.Stack, number: int) -> kms.IKey:
    scope = stack.node.try_find_child(f"Key{number}") or Construct(stack, f"Key{number}")
    return kms.Key.from_key_arn(cast("Construct", scope), str(len(scope.node.children)), arn(number))


def a_queue(stack: cdk.Stack, **changed: Any) -> sqs.IQueue:
    return sqs.Queue.from_queue_attributes(stack, "Queue", queue_arn=QUEUE_ARN, **changed)


def a_stream(stack: cdk.Stack) -> kinesis.IStream:
    return kinesis.Stream.from_stream_attributes(stack, "Stream", stream_arn=STREAM_ARN)


def records(stack: cdk.Stack, **changed: Any) -> RecordEncryption:
    arguments: dict[str, Any] = {
        "direction": Direction.ENCRYPT,
        "encryption_key": imported(stack, 1),
        "operations_key": kms.Key(stack, "Operations", enable_key_rotation=True),
        "encryption_context": {"purpose": "orders"},
        **changed,
    }
    return RecordEncryption(stack, "Records", **arguments)


@pytest.mark.parametrize(
    ("direction", "handler", "first", "other"),
    [
        (Direction.ENCRYPT, ENCRYPT, {"kms:GenerateDataKey"}, {"kms:Encrypt"}),
        (Direction.DECRYPT, DECRYPT, {"kms:Decrypt"}, {"kms:Decrypt"}),
    ],
)
def test_from_a_queue_to_a_stream_the_role_may_exactly_this(
    stack: cdk.Stack, direction: Direction, handler: str, first: set[str], other: set[str]
) -> None:
    made = records(
        stack,
        direction=direction,
        source=a_queue(stack),
        destination=a_stream(stack),
        further_keys=[imported(stack, 2)],
    )

    assert made.dead_letter_queue is None
    assert actions_by_resource(statements_by_handler(template_of(stack))[handler]) == {
        arn(1): first,
        arn(2): other,
        QUEUE_ARN: {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"},
        STREAM_ARN: {"kinesis:PutRecords"},
    }


def test_from_a_stream_to_a_queue_what_fails_goes_to_a_queue_of_its_own(stack: cdk.Stack) -> None:
    made = records(stack, source=a_stream(stack), destination=a_queue(stack), transport_key=imported(stack, 3))

    template = template_of(stack)

    (failed,) = resources(template, "AWS::SQS::Queue")
    assert made.dead_letter_queue is not None
    assert made.dead_letter_queue.node.path == "Orders/Records/Failed"
    assert [each.type for each in made.node.metadata if "have an order" in str(each.data)] == ["aws:cdk:warning"]
    assert actions_by_resource(statements_by_handler(template)[ENCRYPT]) == {
        arn(1): {"kms:GenerateDataKey"},
        STREAM_ARN: READ_STREAM,
        QUEUE_ARN: {"sqs:SendMessage"},
        f"${{{failed}.Arn}}": {"sqs:SendMessage"},
        arn(3): {"kms:Decrypt", "kms:GenerateDataKey"},
    }
    mapping = written(only(template, "AWS::Lambda::EventSourceMapping")["Properties"])
    assert mapping["DestinationConfig"] == {"OnFailure": {"Destination": f"${{{failed}.Arn}}"}}
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert (mapping["BisectBatchOnFunctionError"], mapping["MaximumRecordAgeInSeconds"]) == (True, 12 * 3_600)
    assert "MaximumRetryAttempts" not in mapping  # Lambda's own: for as long as the record is young enough
    assert mapping["StartingPosition"] == "TRIM_HORIZON"


def test_encrypting_is_told_how_messages_are_written(stack: cdk.Stack) -> None:
    records(
        stack,
        source=a_queue(stack),
        destination=a_stream(stack),
        algorithm_suite=AlgorithmSuite.COMMITTING_SIGNED,
        data_keys=DataKeyLimits(max_messages=7),
    )

    assert variables_by_handler(template_of(stack)) == {
        ENCRYPT: {
            "ENVELOPE_KEY_ARN": arn(1),
            "ALGORITHM_SUITE": "0578",
            "ENCRYPTION_CONTEXT": '{"purpose": "orders"}',
            "RECORDS_TO": STREAM_ARN,
            "DATA_KEY_CACHE": LIMITS.replace("10000", "7"),
        }
    }


def test_decrypting_is_told_which_messages_are_read(stack: cdk.Stack) -> None:
    records(
        stack,
        direction=Direction.DECRYPT,
        source=a_stream(stack),
        destination=a_queue(stack),
        transport_key=imported(stack, 3),
        commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT,
    )

    (variables,) = variables_by_handler(template_of(stack)).values()

    assert variables.pop("RECORDS_TO").endswith("/111122223333/orders")
    assert variables == {
        "ENVELOPE_KEY_ARN": arn(1),
        "COMMITMENT_POLICY": "REQUIRE_ENCRYPT_ALLOW_DECRYPT",
        "ENCRYPTION_CONTEXT": '{"purpose": "orders"}',
        "DATA_KEY_CACHE": LIMITS,
    }


def test_batches_and_capacity_can_be_set(stack: cdk.Stack) -> None:
    records(
        stack,
        source=a_queue(stack),
        destination=a_stream(stack),
        batches=Batches(size=500, window=cdk.Duration.seconds(5), max_concurrency=3),
        memory_size_mib=1024,
    )

    template = template_of(stack)

    mapping = only(template, "AWS::Lambda::EventSourceMapping")["Properties"]
    assert (mapping["BatchSize"], mapping["MaximumBatchingWindowInSeconds"]) == (500, 5)
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 3}
    function = only(template, "AWS::Lambda::Function")["Properties"]
    assert (function["MemorySize"], function["Timeout"]) == (1024, 60)


@pytest.mark.parametrize("source", [a_queue, a_stream], ids=["queue", "stream"])
def test_no_pack_finds_anything_that_is_not_answered(stack: cdk.Stack, source: Callable[[cdk.Stack], Any]) -> None:
    of_stream = {"transport_key": imported(stack, 3)} if source is a_stream else {}
    destination = sqs.Queue.from_queue_arn(stack, "Other", f"{QUEUE_ARN}-opened")
    records(stack, source=source(stack), destination=destination, **of_stream)
    app = app_of(stack)
    add_packs(app)

    unanswered = [each for each in collect_findings(app) if each.reason is None]

    assert [each for each in unanswered if "/Records/" in each.path and each.plugin in PACKS] == []


def test_refuses_the_source_as_destination(stack: cdk.Stack) -> None:
    queue = a_queue(stack)

    with pytest.raises(ConfigurationError, match=r"^destination must be another one than source, got Orders/Queue for"):
        records(stack, source=queue, destination=queue)


@pytest.mark.parametrize("name", ["source", "destination"])
def test_refuses_what_is_neither_queue_nor_stream(stack: cdk.Stack, name: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{name} must be a queue of SQS or a stream of Kinesis, got 7$"):
        records(stack, **{"source": a_queue(stack), "destination": a_stream(stack), name: 7})


@pytest.mark.parametrize("name", ["source", "destination"])
def test_refuses_a_queue_under_the_envelope_key(stack: cdk.Stack, name: str) -> None:
    key = imported(stack, 1)
    other = {"source": "destination", "destination": "source"}[name]
    queue = a_queue(stack, key_arn=key.key_arn)

    with pytest.raises(ConfigurationError, match=rf"^{name} must be another key than encryption_key, got Orders/"):
        records(stack, encryption_key=key, **{name: queue, other: a_stream(stack)})


def test_refuses_a_direction_by_its_name(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^direction must be a member of Direction, got 'encrypt'$"):
        records(stack, direction="encrypt", source=a_queue(stack), destination=a_stream(stack))


def test_refuses_a_queue_that_loses_what_fails(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^source must have a dead-letter queue"):
        records(stack, source=sqs.Queue(stack, "Source"), destination=a_stream(stack))


def test_refuses_fewer_executions_than_lambda_is_told_to_run(stack: cdk.Stack) -> None:
    told = r"^reserved_concurrency must be at least batches\.max_concurrency, which is 3, .*, got 2$"
    with pytest.raises(ConfigurationError, match=told):
        records(
            stack,
            source=a_queue(stack),
            destination=a_stream(stack),
            batches=Batches(max_concurrency=3),
            reserved_concurrency=2,
        )


@pytest.mark.parametrize(
    ("direction", "choice"),
    [
        (Direction.DECRYPT, {"algorithm_suite": AlgorithmSuite.COMMITTING_SIGNED}),
        (Direction.ENCRYPT, {"commitment_policy": CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT}),
    ],
)
def test_refuses_a_choice_for_the_other_direction(
    stack: cdk.Stack, direction: Direction, choice: dict[str, Any]
) -> None:
    (name,) = choice
    with pytest.raises(
        ConfigurationError, match=rf"^{name} must be left out where records are {direction.value}ed, got "
    ):
        records(stack, direction=direction, source=a_queue(stack), destination=a_stream(stack), **choice)


@pytest.mark.parametrize(("name", "value"), [("algorithm_suite", "0578"), ("commitment_policy", "strict")])
def test_refuses_choices_by_their_values(stack: cdk.Stack, name: str, value: str) -> None:
    direction = Direction.ENCRYPT if name == "algorithm_suite" else Direction.DECRYPT
    with pytest.raises(ConfigurationError, match=rf"^{name} must be a member of .*, got '{value}'$"):
        records(stack, direction=direction, source=a_queue(stack), destination=a_stream(stack), **{name: value})
