from typing import Any

import pytest

from envelope.errors import InvalidRequest
from envelope.handler.record_events import arrived
from envelope.records.record_delivery import Order, Record
from tests.support.record_events import fifo_event, queue_event, stream_event

FIELDS = ("plaintext", "message")


def test_the_plaintext_in_a_queue_is_text_and_the_message_in_a_queue_is_base64() -> None:
    assert arrived(queue_event("QUI=", "\u00e9"), "plaintext").data == [b"QUI=", b"\xc3\xa9"]
    (message, bad) = arrived(queue_event("QUI=", "\u00e9"), "message").data

    assert message == b"AB"
    assert isinstance(bad, InvalidRequest)


def test_a_stream_holds_bytes() -> None:
    for field in FIELDS:
        assert arrived(stream_event(("key", b"\x00\xff")), field).data == [b"\x00\xff"]


@pytest.mark.parametrize(
    ("event", "order", "record"),
    [
        (queue_event("a"), Order.NONE, Record("m-0", order_key="m-0", identity="m-0")),
        (fifo_event(("group", "a")), Order.BY_KEY, Record("m-0", order_key="group", identity="d-m-0")),
        (
            stream_event(("key", b"a")),
            Order.BY_POSITION,
            Record("0", order_key="key", identity="shardId-000000000006:0"),
        ),
    ],
)
def test_each_source_has_its_order_and_its_names(event: Any, order: Order, record: Record) -> None:
    batch = arrived(event, "plaintext")

    assert (batch.order, batch.records, batch.field) == (order, [record], "plaintext")
    assert batch.source == event["Records"][0]["eventSourceARN"]


NO_EVENTS: list[tuple[Any, str]] = [
    (None, "event must have Records of a queue or a stream, got none"),
    ({"Records": []}, "event must have Records of a queue or a stream, got none"),
    ({"Records": [{}]}, "Records must be as SQS or Kinesis makes them, got something else"),
    ({"Records": ["record"]}, "Records must be as SQS or Kinesis makes them, got something else"),
    (
        {"Records": [{"eventSource": "aws:sns", "eventSourceARN": "arn"}]},
        "eventSource must be aws:sqs or aws:kinesis, got another one",
    ),
    (
        {"Records": [*queue_event("a")["Records"], *stream_event(("a", b""))["Records"]]},
        "Records must be of one queue or stream, got 2",
    ),
    ({"Records": [{**queue_event("a")["Records"][0], "attributes": None}, {}]}, "as SQS or Kinesis makes them"),
]


@pytest.mark.parametrize(("event", "text"), NO_EVENTS)
def test_refuses_what_is_no_event_of_a_queue_or_stream(event: Any, text: str) -> None:
    for field in FIELDS:
        with pytest.raises(InvalidRequest, match=text):
            arrived(event, field)
