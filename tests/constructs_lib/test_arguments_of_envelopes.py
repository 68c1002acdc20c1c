"""What constructs of envelope encryption are given where something else is wanted: each refusal names the argument."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from constructs_lib import (
    ConfigurationError,
    Direction,
    EncryptOnArrival,
    EnvelopeEncryption,
    EnvelopeReencryption,
    RecordEncryption,
    SigningKey,
)

MINE = cdk.Environment(account="111122223333", region="eu-west-1")
A_KEY = "must be a key, such as EncryptionKey(...) or ExistingKey.from_arn(...), got "
A_BUCKET = "must be a bucket, such as s3.Bucket(...) or s3.Bucket.from_bucket_name(...), got "
Given = Callable[[cdk.Stack], Any]


@pytest.fixture
def stack(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=MINE)


def key(stack: cdk.Stack, name: str = "Key") -> kms.IKey:
    return kms.Key(stack, name)


def bucket(stack: cdk.Stack, name: str = "Bucket") -> s3.IBucket:
    return s3.Bucket.from_bucket_name(stack, name, name.lower())


def queue(stack: cdk.Stack, region: str = "eu-west-1", name: str = "orders") -> sqs.IQueue:
    return sqs.Queue.from_queue_arn(stack, f"{name}-{region}", f"arn:aws:sqs:{region}:111122223333:{name}")


def stream(stack: cdk.Stack, region: str = "eu-west-1") -> kinesis.IStream:
    return kinesis.Stream.from_stream_arn(stack, f"X{region}", f"arn:aws:kinesis:{region}:111122223333:stream/x")


def make(stack: cdk.Stack, construct: Any, **given: Given) -> Any:
    usual: dict[str, Given] = {"operations_key": lambda stack: key(stack, "Logs")}
    if construct is EnvelopeReencryption:
        usual |= {"from_keys": lambda stack: [key(stack, "Old")], "to_key": lambda stack: key(stack, "New")}
    else:
        usual |= {"encryption_key": lambda stack: key(stack, "Data")}
    if construct in {EnvelopeEncryption, EnvelopeReencryption}:
        usual |= {"required_context": lambda _: ["purpose"]}
    else:
        usual |= {"encryption_context": lambda _: {"purpose": "orders"}, "source": bucket}
        usual |= {"destination": lambda stack: bucket(stack, "Messages")}
    if construct is EncryptOnArrival:
        usual |= {"transport_key": lambda stack: key(stack, "Queues")}
    if construct is RecordEncryption:
        usual |= {"direction": lambda _: Direction.ENCRYPT, "source": queue, "destination": stream}
    return construct(stack, "Made", **{name: value(stack) for name, value in {**usual, **given}.items()})


def is_(value: object) -> Given:
    return lambda _: value


MADE: list[tuple[Any, str, Given, str]] = [
    (EnvelopeEncryption, "encryption_key", is_(None), f"{A_KEY}None"),
    (EnvelopeEncryption, "encryption_key", is_("alias/x"), f"{A_KEY}'alias/x'"),
    (EnvelopeEncryption, "encryption_key", bucket, f"{A_KEY}a Bucket S/Bucket"),
    (
        EnvelopeEncryption,
        "encryption_key",
        lambda stack: SigningKey(stack, "K"),
        "must be a symmetric encryption key, ",
    ),
    (EnvelopeEncryption, "operations_key", is_(None), f"{A_KEY}None"),
    (EnvelopeEncryption, "further_keys[0]", is_(["x"]), f"{A_KEY}'x'"),
    (EnvelopeEncryption, "further_keys", is_(6), "must be a list of keys, got 6"),
    (
        EnvelopeEncryption,
        "further_keys",
        lambda stack: [key(stack, f"K{n}") for n in range(6)],
        "at most 4 keys, got 6",
    ),
    (EnvelopeEncryption, "required_context", is_({"tenant": "blue"}), "must be a list of at least one key, got {"),
    (EnvelopeEncryption, "architecture", is_("arm64"), "must be an Architecture of aws_cdk.aws_lambda, got 'arm64'"),
    (EnvelopeEncryption, "log_retention", is_(30), "must be a RetentionDays of aws_cdk.aws_logs, got 30"),
    (EnvelopeReencryption, "to_key", is_(None), f"{A_KEY}None"),
    (EnvelopeReencryption, "from_keys[0]", is_([7]), f"{A_KEY}7"),
    (
        EnvelopeReencryption,
        "from_keys",
        lambda stack: [key(stack, f"K{n}") for n in range(21)],
        "at most 20 keys, got 21",
    ),
    (
        EnvelopeReencryption,
        "further_keys",
        lambda stack: [key(stack, f"K{n}") for n in range(5)],
        "at most 4 keys, got 5",
    ),
    (EncryptOnArrival, "transport_key", is_(None), f"{A_KEY}None"),
    (EncryptOnArrival, "source", is_("b"), f"{A_BUCKET}'b'"),
    (EncryptOnArrival, "destination", key, f"{A_BUCKET}a Key S/Key"),
    (EncryptOnArrival, "source_prefix", is_(None), "must be a text, got None"),
    (EncryptOnArrival, "destination_prefix", is_(5), "must be a text, got 5"),
    (RecordEncryption, "destination", key, "must be a queue of SQS or a stream of Kinesis, got a Key S/Key"),
    (RecordEncryption, "batches", is_(5), "must be a Batches of constructs_lib, got 5"),
    (RecordEncryption, "data_keys", is_(5), "must be a DataKeyLimits of constructs_lib, got 5"),
    (RecordEncryption, "transport_key", is_("x"), f"{A_KEY}'x'"),
    (RecordEncryption, "source", lambda stack: queue(stack, "us-east-1"), "must be in eu-west-1, the Region of the"),
    (RecordEncryption, "source", lambda stack: stream(stack, "us-east-1"), "must be in eu-west-1, the Region of the"),
    (RecordEncryption, "destination", lambda stack: queue(stack, "us-east-1", "x"), "must be in eu-west-1, the Region"),
]


@pytest.mark.parametrize(("construct", "argument", "given", "message"), MADE, ids=range(len(MADE)))
def test_refuses_other_arguments(construct: Any, argument: str, given: Given, message: str, stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError) as refused:
        make(stack, construct, **{argument.partition("[")[0]: given})
    assert str(refused.value).startswith(f"{argument} must be ")
    assert message in str(refused.value)


def test_a_stream_of_another_region_is_a_destination(stack: cdk.Stack) -> None:
    assert make(stack, RecordEncryption, destination=lambda stack: stream(stack, "us-east-1")).function is not None


OBJECTS: list[tuple[str, Given, str]] = [
    ("source", is_("b"), f"{A_BUCKET}'b'"),
    ("source", is_(None), f"{A_BUCKET}None"),
    ("destination", key, f"{A_BUCKET}a Key S/Key"),
    ("destination_prefix", is_(None), "must be a text, got None"),
    ("source_prefix", is_(5), "must be a text, got 5"),
]


@pytest.mark.parametrize(("argument", "given", "message"), OBJECTS, ids=range(len(OBJECTS)))
def test_refuses_objects_that_are_nowhere(argument: str, given: Given, message: str, stack: cdk.Stack) -> None:
    where = {"source": bucket(stack, "Read"), "destination": bucket(stack, "Written"), argument: given(stack)}
    envelope = make(stack, EnvelopeEncryption)
    with pytest.raises(ConfigurationError) as refused:
        envelope.encrypt_objects(**where)
    assert str(refused.value) == f"{argument} {message}"
