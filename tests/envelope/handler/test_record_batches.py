"""Records of queues and streams through the entry points, from the event to what arrives at the destination."""

import base64
import logging
from typing import Any

import pytest

from envelope.handler import decrypt_records, encrypt_records
from tests.support.fake_clients import FakeQueues, FakeStreams, denied
from tests.support.fake_kms import FakeKms, client_error
from tests.support.record_events import (
    FIFO_URL,
    QUEUE_URL,
    RECORD_VARIABLES,
    STREAM_ARN,
    failed,
    fifo_event,
    queue_event,
    stream_event,
)
from tests.support.requests import LambdaContext, deployment_over, failure_of
from tests.support.slow_kms import SlowKms

TO_FIFO = {**RECORD_VARIABLES, "RECORDS_TO": FIFO_URL}
TO_STREAM = {**RECORD_VARIABLES, "RECORDS_TO": STREAM_ARN}


def decoded(bodies: list[str]) -> list[bytes]:
    return [base64.b64decode(body, validate=True) for body in bodies]


def sealed(*plaintexts: str, kms: FakeKms) -> list[str]:
    """Messages as a queue has them."""
    queues = FakeQueues()
    encrypt_records(
        queue_event(*plaintexts), None, deployment=deployment_over(kms, further=RECORD_VARIABLES, sqs=queues)
    )
    return queues.bodies


def test_records_go_from_queue_to_queue_and_come_back() -> None:
    kms, queues = FakeKms(), FakeQueues()
    texts = [f"order {number} of \u00e9t\u00e9" for number in range(25)]
    messages = sealed(*texts, kms=kms)

    answer = decrypt_records(
        queue_event(*messages), None, deployment=deployment_over(kms, further=RECORD_VARIABLES, sqs=queues)
    )

    assert failed(answer) == []
    assert decoded(queues.bodies) == [text.encode() for text in texts]
    assert [len(request) for request in queues.requests] == [10, 10, 5]
    assert queues.queue_urls == {QUEUE_URL}
    assert [call.operation for call in kms.calls] == ["GenerateDataKey", "Decrypt"]
    assert {tuple(call.context.items()) for call in kms.calls} == {(("purpose", "orders"),)}


def test_nothing_of_a_source_message_goes_along_unencrypted() -> None:
    queues = FakeQueues()
    event = queue_event("text")

    encrypt_records(event, None, deployment=deployment_over(FakeKms(), further=RECORD_VARIABLES, sqs=queues))

    assert [entry.keys() for entry in queues.taken] == [{"Id", "MessageBody"}]
    assert event["Records"][0]["messageAttributes"]


def test_records_go_from_stream_to_stream_with_their_partition_keys() -> None:
    kms, there, back = FakeKms(), FakeStreams(), FakeStreams()
    records = [(f"key {number}", bytes([number]) * 100) for number in range(200)]
    encrypt_records(stream_event(*records), None, deployment=deployment_over(kms, further=TO_STREAM, kinesis=there))
    messages = [(entry["PartitionKey"], entry["Data"]) for entry in there.taken]

    answer = decrypt_records(
        stream_event(*messages), None, deployment=deployment_over(kms, further=TO_STREAM, kinesis=back)
    )

    assert failed(answer) == []
    assert [(entry["PartitionKey"], entry["Data"]) for entry in back.taken] == records
    assert len(there.requests) == len(back.requests) == 1
    assert there.stream_arns == {STREAM_ARN}
    assert len(kms.calls) == 2


def test_ten_thousand_records_in_batches_cost_one_call_of_kms_each_way() -> None:
    kms, there, back = FakeKms(), FakeStreams(), FakeStreams()
    further = {**TO_STREAM, "DATA_KEY_CACHE": "{}"}
    encrypting = deployment_over(kms, further=further, kinesis=there)
    decrypting = deployment_over(kms, further=further, kinesis=back)
    for start in range(0, 10_000, 1000):
        texts = [f"record {number}" for number in range(start, start + 1000)]
        assert failed(encrypt_records(queue_event(*texts), None, deployment=encrypting)) == []
    assert [call.operation for call in kms.calls] == ["GenerateDataKey"]
    for start in range(0, 10_000, 1000):
        batch = [(entry["PartitionKey"] + str(start), entry["Data"]) for entry in there.taken[start : start + 1000]]
        assert failed(decrypt_records(stream_event(*batch), None, deployment=decrypting)) == []

    assert [entry["Data"].decode() for entry in back.taken] == [f"record {number}" for number in range(10_000)]
    assert [call.operation for call in kms.calls] == ["GenerateDataKey", "Decrypt"]


def test_the_limit_on_messages_counts_across_invocations() -> None:
    kms = FakeKms()
    deployment = deployment_over(kms, further={**RECORD_VARIABLES, "DATA_KEY_CACHE": '{"max_messages": 30}'})
    for _ in range(10):
        encrypt_records(queue_event(*["text"] * 10), None, deployment=deployment)

    assert len(kms.calls) == 4  # 100 records, 30 for each data key


@pytest.mark.parametrize("body", ["", "no base64!", "QUJD"])
def test_a_bad_message_of_a_queue_fails_alone(body: str) -> None:
    kms, queues = FakeKms(), FakeQueues()
    good, other = sealed("good", "other", kms=kms)

    answer = decrypt_records(
        queue_event(good, body, other), None, deployment=deployment_over(kms, further=RECORD_VARIABLES, sqs=queues)
    )

    assert failed(answer) == ["m-1"]
    assert decoded(queues.bodies) == [b"good", b"other"]


@pytest.mark.parametrize("body", ["\ud800", None])
def test_a_body_that_is_no_text_fails_alone(body: Any) -> None:
    queues = FakeQueues()

    answer = encrypt_records(
        queue_event(body, "text"), None, deployment=deployment_over(FakeKms(), further=RECORD_VARIABLES, sqs=queues)
    )

    assert failed(answer) == ["m-0"]
    assert len(queues.taken) == 1


def test_a_message_of_another_context_fails_alone() -> None:
    kms, queues = FakeKms(), FakeQueues()
    elsewhere = {**RECORD_VARIABLES, "ENCRYPTION_CONTEXT": '{"purpose": "invoices"}'}
    encrypt_records(queue_event("text"), None, deployment=deployment_over(kms, further=elsewhere, sqs=queues))
    (foreign,), (good,) = queues.bodies, sealed("text", kms=kms)
    arrived = FakeQueues()

    answer = decrypt_records(
        queue_event(foreign, good), None, deployment=deployment_over(kms, further=RECORD_VARIABLES, sqs=arrived)
    )

    assert failed(answer) == ["m-0"]
    assert decoded(arrived.bodies) == [b"text"]


def test_what_a_queue_does_not_take_comes_again_alone() -> None:
    queues = FakeQueues(refuse=lambda entry: "InternalError" if entry["Id"] == "3" else None)

    answer = encrypt_records(
        queue_event(*"abcdefghijkl"),
        None,
        deployment=deployment_over(FakeKms(), further=RECORD_VARIABLES, sqs=queues),
    )

    assert failed(answer) == ["m-3"]
    assert len(queues.taken) == 11


def test_a_fifo_queue_keeps_group_and_deduplication_id() -> None:
    queues = FakeQueues()

    encrypt_records(
        fifo_event(("a", "1"), ("b", "2")), None, deployment=deployment_over(FakeKms(), further=TO_FIFO, sqs=queues)
    )

    assert [(entry["MessageGroupId"], entry["MessageDeduplicationId"]) for entry in queues.taken] == [
        ("a", "d-m-0"),
        ("b", "d-m-1"),
    ]


def test_after_a_failure_the_rest_of_its_message_group_waits_and_no_other() -> None:
    kms, queues = FakeKms(), FakeQueues()
    one, two, three, four = sealed("1", "2", "3", "4", kms=kms)

    answer = decrypt_records(
        fifo_event(("a", one), ("b", "bad"), ("a", two), ("b", three), ("c", four)),
        None,
        deployment=deployment_over(kms, further=TO_FIFO, sqs=queues),
    )

    assert failed(answer) == ["m-1", "m-3"]
    assert decoded(queues.bodies) == [b"1", b"2", b"4"]


def test_lambda_goes_back_to_the_first_bad_record_of_a_stream_and_nothing_behind_it_was_sent() -> None:
    kms, streams = FakeKms(), FakeStreams()
    messages = decoded(sealed("0", "1", "2", kms=kms))
    event = stream_event(("a", messages[0]), ("b", b"bad"), ("c", messages[1]), ("d", b"bad"), ("e", messages[2]))

    answer = decrypt_records(event, None, deployment=deployment_over(kms, further=TO_STREAM, kinesis=streams))

    assert failed(answer) == ["1"]
    assert [entry["Data"] for entry in streams.taken] == [b"0"]


def test_a_bad_record_at_the_head_of_a_stream_fails_the_invocation_so_that_lambda_halves_the_batch() -> None:
    kms, streams = FakeKms(), FakeStreams()
    (good,) = decoded(sealed("good", kms=kms))
    batch = [("a", b"bad"), ("b", good), ("c", good)]

    name, failure = failure_of(decrypt_records, stream_event(*batch), kms=kms, further=TO_STREAM, kinesis=streams)
    alone = decrypt_records(
        stream_event(batch[0]), None, deployment=deployment_over(kms, further=TO_STREAM, kinesis=streams)
    )

    assert (name, failure["retry"]) == ("MalformedMessage", False)
    assert failed(alone) == ["0"]
    assert streams.requests == []


def test_a_passing_failure_at_the_head_of_a_stream_is_only_reported() -> None:
    kms = FakeKms(failure=client_error("ThrottlingException"))

    answer = encrypt_records(
        stream_event(("a", b"0"), ("b", b"1")), None, deployment=deployment_over(kms, further=TO_STREAM)
    )

    assert failed(answer) == ["0"]


@pytest.mark.parametrize("code", ["AccessDeniedException", "DisabledException", "KMSInvalidStateException"])
def test_with_a_key_that_cannot_be_used_everything_comes_again_and_nothing_is_sent(code: str) -> None:
    kms, queues = FakeKms(failure=client_error(code)), FakeQueues()

    answer = encrypt_records(
        queue_event("a", "b"), None, deployment=deployment_over(kms, further=RECORD_VARIABLES, sqs=queues)
    )

    assert failed(answer) == ["m-0", "m-1"]
    assert (queues.requests, len(kms.calls)) == ([], 1)


def test_a_queue_that_denies_is_not_asked_again() -> None:
    queues = FakeQueues(refuse=lambda _: denied())

    answer = encrypt_records(
        queue_event(*"abcdefghijklmnopqrstuvwxyz"),
        None,
        deployment=deployment_over(FakeKms(), further=RECORD_VARIABLES, sqs=queues),
    )

    assert failed(answer) == [f"m-{number}" for number in range(26)]
    assert len(queues.requests) == 1


def test_records_for_which_there_is_no_time_come_again() -> None:
    queues = FakeQueues()
    # Three looks before the records and for the data key, one before delivery and one before each request: the second
    # request has no time.
    context = LambdaContext(5000, 5000, 5000, 5000, 5000, 1000)

    answer = encrypt_records(
        queue_event(*["text"] * 25),
        context,
        deployment=deployment_over(FakeKms(), further=RECORD_VARIABLES, sqs=queues),
    )

    assert failed(answer) == [f"m-{number}" for number in range(10, 25)]
    assert len(queues.taken) == 10


def test_records_that_were_opened_in_time_arrive_and_the_others_come_again() -> None:
    queues, kms = FakeQueues(), SlowKms(seconds_left=60, seconds_a_call=4)
    messages = [sealed("text", kms=FakeKms())[0] for _ in range(20)]

    answer = decrypt_records(
        queue_event(*messages), kms, deployment=deployment_over(kms, further=RECORD_VARIABLES, sqs=queues)
    )

    assert failed(answer) == [f"m-{number}" for number in range(12, 20)]
    assert decoded(queues.bodies) == [b"text"] * 12


def test_logs_one_line_with_counts(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    queues = FakeQueues(refuse=lambda entry: "InternalError" if entry["Id"] == "1" else None)

    encrypt_records(
        queue_event("abc", "\ud800", "de"),
        None,
        deployment=deployment_over(FakeKms(), further=RECORD_VARIABLES, sqs=queues),
    )

    (line,) = caplog.records
    said = line.__dict__
    assert (said["levelname"], said["outcome"], said["request"]) == ("WARNING", "success", "records")
    assert (said["records"], said["plaintext_bytes"], said["kms_calls"], said["cache_hits"]) == (3, 5, 1, 1)
    assert said["failed"] == {"InvalidRequest": 1, "StorageUnavailable": 1}
    assert said["source"] == "arn:aws:sqs:eu-central-1:111122223333:orders"
    assert said["destination"] == QUEUE_URL
