import pytest
from botocore.exceptions import EndpointConnectionError

from envelope.errors import EnvelopeError, InvalidRequest, LimitExceeded, StorageAccessDenied, StorageUnavailable
from envelope.records.queue_sink import QueueSink
from envelope.records.record_sinks import Addressed, Entry
from tests.support.fake_clients import FakeQueues
from tests.support.fake_kms import client_error
from tests.support.record_events import FIFO_URL, QUEUE_URL


def test_a_message_is_base64_and_counts_by_its_length() -> None:
    entry = QueueSink(FakeQueues(), queue_url=QUEUE_URL).entry(Addressed(b"\x00\xff", "group", "id"))

    assert entry == Entry({"MessageBody": "AP8="}, 4)


def test_only_a_fifo_queue_keeps_order_and_is_told_about_it() -> None:
    standard, fifo = (QueueSink(FakeQueues(), queue_url=url) for url in (QUEUE_URL, FIFO_URL))

    assert (standard.keeps_order, fifo.keeps_order) == (False, True)
    assert fifo.entry(Addressed(b"abc", "a-group!", "id")).fields == {
        "MessageBody": "YWJj",
        "MessageGroupId": "a-group!",
        "MessageDeduplicationId": "id",
    }


@pytest.mark.parametrize("group", ["", "x" * 129, "a b", "\u00e9"])
def test_refuses_a_message_group_that_sqs_does_not_take(group: str) -> None:
    with pytest.raises(InvalidRequest, match="order key must be 1 to 128"):
        QueueSink(FakeQueues(), queue_url=FIFO_URL).entry(Addressed(b"", group, "id"))


def test_the_largest_message_is_taken_and_one_byte_more_is_refused() -> None:
    sink = QueueSink(FakeQueues(), queue_url=QUEUE_URL)
    most = 1_048_576 // 4 * 3

    assert sink.entry(Addressed(bytes(most), "", "")).size == 1_048_576
    with pytest.raises(LimitExceeded, match="at most 1048576 bytes of base64 for SQS, got 1048580"):
        sink.entry(Addressed(bytes(most + 1), "", ""))


def entries(*texts: str) -> list[Entry]:
    return [Entry({"MessageBody": text}, len(text)) for text in texts]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("InternalError", StorageUnavailable),
        ("RequestThrottled", StorageUnavailable),
        ("InvalidMessageContents", InvalidRequest),
        ("InvalidParameterValue", InvalidRequest),
        ("SomethingNew", StorageAccessDenied),
    ],
)
def test_what_is_not_taken_is_told_by_position_and_remedy(code: str, kind: type[EnvelopeError]) -> None:
    queues = FakeQueues(refuse=lambda entry: code if entry["MessageBody"] == "b" else None)

    refused = QueueSink(queues, queue_url=QUEUE_URL).send(entries("a", "b", "c"))

    assert {position: (type(error), str(error)) for position, error in refused.items()} == {
        1: (kind, f"SQS must take the records, got {code}")
    }
    assert queues.bodies == ["a", "c"]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (client_error("AccessDenied", status=403), StorageAccessDenied),
        (client_error("QueueDoesNotExist"), StorageAccessDenied),
        (client_error("RequestThrottled", status=403), StorageUnavailable),
        (client_error("Unheard", status=503), StorageUnavailable),
        (client_error("AWS.SimpleQueueService.BatchRequestTooLong"), InvalidRequest),
        (EndpointConnectionError(endpoint_url="https://sqs"), StorageUnavailable),
    ],
)
def test_a_request_that_failed_is_told_by_remedy(error: Exception, kind: type[EnvelopeError]) -> None:
    with pytest.raises(EnvelopeError, match="SQS must take the records, got") as refused:
        QueueSink(FakeQueues(refuse=lambda _: error), queue_url=QUEUE_URL).send(entries("a"))

    assert type(refused.value) is kind
