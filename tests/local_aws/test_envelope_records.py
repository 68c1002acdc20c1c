"""Records through the deployed functions: in direct batches, between queues, and from one stream into another."""

import base64
from typing import Any

import pytest

from tests.support.deployed_envelopes import DeployedEnvelopes, read_with_the_sdk, soon

pytestmark = pytest.mark.deploy

BLUE = {"tenant": "blue"}
RECORDS = [f"record {number}".encode() for number in range(10_000)]


def test_ten_thousand_records_in_direct_batches_cost_a_call_of_kms_for_each_batch(envelopes: DeployedEnvelopes) -> None:
    before = len(envelopes.key_calls())
    sealed: list[dict[str, Any]] = []
    opened: list[dict[str, Any]] = []

    for first in range(0, len(RECORDS), 5000):
        batch = [{"plaintext": _text(each), "encryption_context": BLUE} for each in RECORDS[first : first + 5000]]
        sealed += envelopes.invoke("Encrypt", records=batch)["records"]
    for first in range(0, len(RECORDS), 5000):
        batch = [{**each, "encryption_context": BLUE} for each in sealed[first : first + 5000]]
        opened += envelopes.invoke("Decrypt", records=batch)["records"]

    assert [base64.b64decode(each["plaintext"]) for each in opened] == RECORDS
    assert len({each["message"] for each in sealed}) == len(RECORDS)
    calls = [call.operation for call in envelopes.key_calls()[before:]]
    assert calls == ["GenerateDataKey", "GenerateDataKey", "Decrypt", "Decrypt"]


def test_one_bad_record_of_a_direct_batch_fails_alone(envelopes: DeployedEnvelopes) -> None:
    good = {"plaintext": _text(b"data"), "encryption_context": BLUE}

    answer = envelopes.invoke("Encrypt", records=[good, {"plaintext": "?", "encryption_context": BLUE}, good])

    first, bad, last = answer["records"]
    assert (bad["error"]["type"], bad["error"]["status"]) == ("InvalidRequest", 400)
    assert read_with_the_sdk(envelopes, base64.b64decode(first["message"]))[0] == b"data"
    assert read_with_the_sdk(envelopes, base64.b64decode(last["message"]))[0] == b"data"


def test_records_go_from_queue_to_queue_and_a_bad_one_ends_among_the_dead_letters(envelopes: DeployedEnvelopes) -> None:
    sqs, place = envelopes.person.client("sqs"), envelopes.place
    # Six times the function's timeout would be two minutes until the next try.
    envelopes.aws.session().client("sqs").set_queue_attributes(
        QueueUrl=place["SealedRecords"], Attributes={"VisibilityTimeout": "1"}
    )
    before = len(envelopes.key_calls())
    texts = {f"record {number} ä" for number in range(60)}

    sqs.send_message(QueueUrl=place["SealedRecords"], MessageBody=_text(b"no message at all"))
    for first in range(0, 60, 10):
        entries = [{"Id": str(each), "MessageBody": f"record {first + each} ä"} for each in range(10)]
        sqs.send_message_batch(QueueUrl=place["Records"], Entries=entries)

    opened: list[str] = []

    def are_opened() -> bool:
        received = sqs.receive_message(QueueUrl=place["OpenedRecords"], MaxNumberOfMessages=10).get("Messages", [])
        opened.extend(base64.b64decode(each["Body"]).decode() for each in received)
        return len(opened) >= len(texts)

    assert soon(are_opened), envelopes.aws.log
    assert (set(opened), len(opened)) == (texts, len(texts))
    assert soon(lambda: envelopes.waiting("SealedRecordsDeadLetters") == 1)
    assert envelopes.waiting("RecordsDeadLetters") == 0
    # One environment of each function is at work, and keeps its data keys, however often it is invoked.
    assert [call.operation for call in envelopes.key_calls()[before:]] == ["GenerateDataKey", "Decrypt"]


def test_records_of_a_stream_become_messages_in_another(envelopes: DeployedEnvelopes) -> None:
    kinesis, place = envelopes.person.client("kinesis"), envelopes.place

    clicks = [{"Data": f"click {number}".encode(), "PartitionKey": "one"} for number in range(20)]

    def arrive() -> bool:
        if not _records(kinesis, place["SealedClicks"]):
            kinesis.put_records(StreamName=place["Clicks"], Records=clicks)
        return len(_records(kinesis, place["SealedClicks"])) >= len(clicks)

    assert soon(arrive), envelopes.aws.log
    sealed = _records(kinesis, place["SealedClicks"])
    assert [read_with_the_sdk(envelopes, each)[0] for each in sealed[:3]] == [b"click 0", b"click 1", b"click 2"]
    assert read_with_the_sdk(envelopes, sealed[0])[1].encryption_context == BLUE


def _records(kinesis: Any, stream: str) -> list[bytes]:
    found: list[bytes] = []
    arn = kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]["StreamARN"]
    for shard in kinesis.list_shards(StreamName=stream)["Shards"]:
        iterator = kinesis.get_shard_iterator(
            StreamName=stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        found += [each["Data"] for each in kinesis.get_records(ShardIterator=iterator, StreamARN=arn)["Records"]]
    return found


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
