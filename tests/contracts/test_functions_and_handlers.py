"""What the constructs and the Lambda must agree on, though neither imports the other."""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3_of_cdk
from aws_cdk import aws_sqs as sqs

from constructs_lib import (
    Direction,
    EncryptOnArrival,
    EnvelopeEncryption,
    EnvelopeReencryption,
    Notifications,
    RecordEncryption,
)
from constructs_lib.bundling.lambda_bundle import function_source
from constructs_lib.bundling.lambda_target import PYTHON_VERSIONS
from envelope.errors import EnvelopeError
from tests.conftest import validator
from tests.support.fake_kms import FAR_KEY_ARN, KEY_ARN, OTHER_KEY_ARN, FakeKms
from tests.support.function_roles import statements_by_handler, variables_by_handler
from tests.support.object_scene import LARGE
from tests.support.permitted_work import RecordedStorage, Worker
from tests.support.record_events import queue_event, stream_event
from tests.support.s3_server import serving
from tests.support.s3_stand_in import Refused, Request
from tests.support.synthesised import template_of

CONTEXT = {"purpose": "orders", "tenant": "seven"}
QUEUE = "https://sqs.eu-central-1.amazonaws.com/111122223333"
QUEUE_ARN = "arn:aws:sqs:eu-central-1:111122223333"
STREAM_ARN = "arn:aws:kinesis:eu-central-1:111122223333:stream"
# What Lambda does with the function's role before it invokes the function.
POLLED = {
    "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards",
}  # fmt: skip


class _Constructs:
    """Every construct of envelope encryption, between buckets, queues and streams of other apps."""

    def __init__(self, app: cdk.App) -> None:
        env = cdk.Environment(account="111122223333", region="eu-central-1")
        self.stack = cdk.Stack(app, "Orders", env=env)
        self._keys: dict[str, Any] = {"operations_key": kms.Key(self.stack, "Operations")}
        self._main, self._other, self._far = (
            kms.Key.from_key_arn(self.stack, name, arn)
            for name, arn in {"Main": KEY_ARN, "Other": OTHER_KEY_ARN, "Far": FAR_KEY_ARN}.items()
        )
        self._objects()
        self._records()

    def _objects(self) -> None:
        stack, required = self.stack, sorted(CONTEXT)
        plain, sealed, arrivals, arrived = (
            s3_of_cdk.Bucket.from_bucket_name(stack, name, name) for name in ("plain", "sealed", "arrivals", "arrived")
        )
        both = EnvelopeEncryption(
            stack, "Both", encryption_key=self._main, further_keys=[self._far], required_context=required, **self._keys
        )
        both.encrypt_objects(source=plain, source_prefix="in/", destination=sealed, destination_prefix="out/")
        both.decrypt_objects(source=sealed, source_prefix="out/", destination=plain, destination_prefix="back/")
        moved = EnvelopeReencryption(
            stack, "Moved", from_keys=[self._main], to_key=self._other, required_context=required, **self._keys
        )
        moved.reencrypt_objects(source=sealed, source_prefix="out/", destination=sealed, destination_prefix="new/")
        EncryptOnArrival(
            stack,
            "Arrival",
            source=arrivals,
            source_prefix="in/",
            destination=arrived,
            destination_prefix="sealed/",
            encryption_key=self._main,
            transport_key=kms.Key(stack, "Transport"),
            encryption_context=CONTEXT,
            notifications=Notifications.ALREADY_ON,
            **self._keys,
        )

    def _records(self) -> None:
        stack = self.stack
        queue = sqs.Queue.from_queue_arn(stack, "Queue", f"{QUEUE_ARN}:plain")
        stream = kinesis.Stream.from_stream_arn(stack, "Stream", f"{STREAM_ARN}/sealed")
        opened = sqs.Queue.from_queue_arn(stack, "Opened", f"{QUEUE_ARN}:opened")
        RecordEncryption(
            stack,
            "Sealing",
            direction=Direction.ENCRYPT,
            source=queue,
            destination=stream,
            encryption_key=self._main,
            encryption_context=CONTEXT,
            **self._keys,
        )
        RecordEncryption(
            stack,
            "Opening",
            direction=Direction.DECRYPT,
            source=stream,
            destination=opened,
            encryption_key=self._main,
            encryption_context=CONTEXT,
            transport_key=kms.Key(stack, "FailedKey"),
            **self._keys,
        )


def literal(value: Any) -> Any:
    text = json.dumps(value).replace("${AWS::Partition}", "aws").replace("${AWS::URLSuffix}", "amazonaws.com")
    return json.loads(text)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    app = cdk.App(
        outdir=str(tmp_path_factory.mktemp("cdk.out")),
        analytics_reporting=False,
        context={"aws:cdk:bundling-stacks": []},
        **validator(),
    )
    return template_of(_Constructs(app).stack)


@pytest.fixture
def workers(template: dict[str, Any]) -> dict[str, Worker]:
    statements = literal(statements_by_handler(template))
    variables = literal(variables_by_handler(template))
    return {
        handler.rpartition(".")[2]: Worker(handler, variables[handler], statements[handler]) for handler in variables
    }


@pytest.fixture
def storage() -> RecordedStorage:
    return RecordedStorage()


@pytest.fixture
def s3(storage: RecordedStorage) -> Iterator[Any]:
    with serving(lambda: storage) as client:
        yield client


def test_there_is_a_construct_for_every_handler(workers: dict[str, Worker]) -> None:
    assert sorted(workers) == [
        "decrypt", "decrypt_records", "encrypt", "encrypt_arrivals", "encrypt_records", "reencrypt",
    ]  # fmt: skip


def test_the_handlers_read_the_variables_that_the_constructs_set(workers: dict[str, Worker]) -> None:
    for worker in workers.values():
        deployment = worker.deployment(kms=FakeKms())

        assert worker.environment.read >= set(worker.environment)
        assert deployment.key_arn == KEY_ARN


def test_each_handler_gets_what_the_construct_was_told(workers: dict[str, Worker]) -> None:
    read = {name: worker.deployment(kms=FakeKms()) for name, worker in workers.items()}

    assert {name for name, each in read.items() if each.required_context == CONTEXT.keys()} == {
        "encrypt", "decrypt", "reencrypt",
    }  # fmt: skip
    contexts = {name: each.encryption_context for name, each in read.items() if each.encryption_context is not None}
    assert {name: each.to_dict() for name, each in contexts.items()} == dict.fromkeys(
        ("encrypt_arrivals", "encrypt_records", "decrypt_records"), CONTEXT
    )
    assert {name: each.records_to for name, each in read.items() if each.records_to} == {
        "encrypt_records": f"{STREAM_ARN}/sealed",
        "decrypt_records": f"{QUEUE}/opened",
    }
    assert {name: each.arrivals_from for name, each in read.items() if each.arrivals_from} == {
        "encrypt_arrivals": "arrivals"
    }
    assert (read["encrypt_arrivals"].arrivals_to, read["encrypt_arrivals"].arrivals_prefix) == ("arrived", "sealed/")
    assert {name for name, each in read.items() if each.keys.cached} == {"encrypt_records", "decrypt_records"}
    assert {name for name, each in read.items() if each.new_keys} == {"reencrypt"}


def place(name: str, **more: str) -> dict[str, str]:
    bucket, _, key = name.partition("/")
    return {"bucket": bucket, "key": key, **more}


def object_event(source: dict[str, str], destination: str) -> dict[str, Any]:
    return {"source": source, "destination": place(destination), "encryption_context": CONTEXT}


def no_parts(_: Request) -> None:
    raise Refused(403, "AccessDenied")


def stream_through(
    worker: Worker, source: str, destination: str, *, keys: FakeKms, s3: Any, storage: RecordedStorage
) -> None:
    """Stream an object, a version of it, and one whose upload is refused."""
    version = storage.current(source).version_id
    for place_of_source in (place(source), place(source, version_id=version)):
        worker.work(object_event(place_of_source, destination), kms=keys, s3=s3, storage=storage)
    storage.before["UploadPart"] = no_parts
    with pytest.raises(EnvelopeError):
        worker.work(object_event(place(source), destination), kms=keys, s3=s3, storage=storage)
    del storage.before["UploadPart"]


def test_what_handlers_do_to_keys_and_objects_is_what_their_roles_may(
    workers: dict[str, Worker], storage: RecordedStorage, s3: Any
) -> None:
    keys = FakeKms()
    storage.put("plain/in/1", LARGE)

    stream_through(workers["encrypt"], "plain/in/1", "sealed/out/1", keys=keys, s3=s3, storage=storage)
    stream_through(workers["decrypt"], "sealed/out/1", "plain/back/1", keys=keys, s3=s3, storage=storage)
    moved = workers["reencrypt"]
    stream_through(moved, "sealed/out/1", "sealed/new/1", keys=keys, s3=s3, storage=storage)

    assert storage.current("plain/back/1").body == LARGE
    for name in ("encrypt", "decrypt", "reencrypt"):
        assert workers[name].lacks() == set()
    assert workers["encrypt"].idle() == set()
    assert moved.idle() == set()
    # The first key opens what both have wrapped; the other one is there for the day on which it cannot.
    assert workers["decrypt"].idle() == {("kms:Decrypt", FAR_KEY_ARN)}


def test_a_range_takes_no_more_than_the_object(workers: dict[str, Worker], storage: RecordedStorage, s3: Any) -> None:
    keys = FakeKms()
    storage.put("plain/in/1", b"0123456789")
    event = object_event(place("plain/in/1"), "sealed/out/1")
    workers["encrypt"].work(event, kms=keys, s3=s3, storage=storage)
    asked = {"source": place("sealed/out/1"), "range": {"first": 2, "last": 4}, "encryption_context": CONTEXT}

    answer = workers["decrypt"].work(asked, kms=keys, s3=s3, storage=storage)

    assert base64.b64decode(answer["plaintext"]) == b"234"
    assert workers["decrypt"].lacks() == set()


def test_arrivals_take_what_their_role_may(workers: dict[str, Worker], storage: RecordedStorage, s3: Any) -> None:
    worker = workers["encrypt_arrivals"]
    keys = FakeKms()
    for sequencer in ("01", "02"):
        stored = storage.put("arrivals/in/1", LARGE)
        created = {
            "key": "in/1",
            "size": len(LARGE),
            "etag": stored.etag.strip('"'),
            "version-id": stored.version_id,
            "sequencer": sequencer,
        }
        detail = {"bucket": {"name": "arrivals"}, "object": created}
        event = queue_event(json.dumps({"source": "aws.s3", "detail-type": "Object Created", "detail": detail}))
        if sequencer == "02":
            storage.before["UploadPart"] = no_parts
        worker.work(event, kms=keys, s3=s3, storage=storage)

    assert worker.lacks() == set()
    assert {each for each in worker.idle() if each[0].startswith("s3:")} == set()


def test_records_take_what_their_roles_may(workers: dict[str, Worker]) -> None:
    keys = FakeKms()
    sealing, opening = workers["encrypt_records"], workers["decrypt_records"]

    sealing.work(queue_event("one", "two"), kms=keys)
    opening.work(stream_event(*(("a", each) for each in sealing.sent)), kms=keys)

    assert [base64.b64decode(each) for each in opening.sent] == [b"one", b"two"]
    assert {action for action, _ in sealing.needed} == {"kms:GenerateDataKey", "kinesis:PutRecords"}
    assert {action for action, _ in opening.needed} == {"kms:Decrypt", "sqs:SendMessage"}
    assert {action for action, _ in sealing.granted} - POLLED == {"kms:GenerateDataKey", "kinesis:PutRecords"}


def test_inline_messages_pass_through_all_three(workers: dict[str, Worker]) -> None:
    keys = FakeKms()
    plaintext = base64.b64encode(b"plaintext").decode()

    sealed = workers["encrypt"].work({"plaintext": plaintext, "encryption_context": CONTEXT}, kms=keys)
    opened = workers["decrypt"].work({**sealed, "encryption_context": CONTEXT}, kms=keys)
    moved = workers["reencrypt"].work({**sealed, "encryption_context": CONTEXT}, kms=keys)

    assert opened["plaintext"] == plaintext
    assert moved["message"] != sealed["message"]
    assert [name for name, worker in workers.items() if worker.lacks()] == []
    assert {call.key_id for call in keys.calls} == {KEY_ARN, FAR_KEY_ARN, OTHER_KEY_ARN}


def test_the_handlers_are_in_the_asset(template: dict[str, Any]) -> None:
    for handler in variables_by_handler(template):
        package, module, name = handler.split(".")

        source = function_source(package) / module / "__init__.py"
        assert f"def {name}(" in source.read_text()


def test_the_lock_is_for_every_runtime_that_the_construct_takes() -> None:
    command = (function_source("envelope") / "requirements.txt").read_text().splitlines()[1]

    assert "--universal" in command
    locked_from = re.search(r"--python-version (\S+)", command)
    assert locked_from is not None
    assert locked_from[1] == PYTHON_VERSIONS[0]


def test_every_requirement_is_pinned_by_hash() -> None:
    lock = (function_source("envelope") / "requirements.txt").read_text().replace("\\\n", " ")
    requirements = [line for line in lock.splitlines() if line.strip() and not line.lstrip().startswith("#")]

    assert requirements
    for requirement in requirements:
        assert re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", requirement), requirement[:60]
