"""What a queue or a stream hands over: records, what is in them, and what their order means."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from envelope.errors import EnvelopeError, InvalidRequest
from envelope.handler.requests import data_of
from envelope.records.record_delivery import Order, Record

_QUEUE: Final = "aws:sqs"
_STREAM: Final = "aws:kinesis"


@dataclasses.dataclass(frozen=True, slots=True)
class Arrived:
    """The records of one invocation. Its `repr` hides the data.

    Attributes:
        source: The ARN of the queue or stream.
        field: `plaintext` or `message`: what the records hold.
        order: What their order means.
        records: What each is called.
        data: What is in each, or why that cannot be said.
    """

    source: str
    field: str
    order: Order
    records: Sequence[Record]
    data: Sequence[bytes | Exception] = dataclasses.field(repr=False)


def arrived(event: object, field: str) -> Arrived:
    """Understand an event of SQS or Kinesis (Lambda developer guide, "Example event" of each).

    The plaintext in a queue is text, and encrypted as UTF-8; the message in a queue is base64. A stream holds bytes,
    which Lambda hands over in base64.

    Args:
        event: What Lambda hands over.
        field: `plaintext` or `message`: what the records hold.

    Returns:
        The records.

    Raises:
        InvalidRequest: If it is no such event, or mixes sources.
    """
    records = event.get("Records") if isinstance(event, dict) else None
    if not (isinstance(records, list) and records):
        raise InvalidRequest("event must have Records of a queue or a stream, got none")
    try:
        origins = {(record["eventSource"], record["eventSourceARN"]) for record in records}
        if len(origins) != 1:
            raise InvalidRequest(f"Records must be of one queue or stream, got {len(origins)}")
        ((kind, source),) = origins
        if kind == _QUEUE:
            fifo = source.endswith(".fifo")
            named = [_of_queue(record, fifo=fifo) for record in records]
            order = Order.BY_KEY if fifo else Order.NONE
        elif kind == _STREAM:
            named = [_of_stream(record) for record in records]
            order = Order.BY_POSITION
        else:
            raise InvalidRequest("eventSource must be aws:sqs or aws:kinesis, got another one")
        read = _QUEUE_READERS[field] if kind == _QUEUE else _from_stream
        data = [_attempt(read, record, field) for record in records]
    except (KeyError, TypeError, AttributeError) as error:
        # Nothing of it is repeated: it may be plaintext.
        raise InvalidRequest("Records must be as SQS or Kinesis makes them, got something else") from error
    return Arrived(source, field, order, named, data)


def _of_queue(record: Mapping[str, Any], *, fifo: bool) -> Record:
    identifier, attributes = str(record["messageId"]), record["attributes"]
    if not fifo:
        # Each is on its own, and in a queue or stream with order it stays so.
        return Record(identifier, order_key=identifier, identity=identifier)
    return Record(identifier, attributes["MessageGroupId"], attributes["MessageDeduplicationId"])


def _of_stream(record: Mapping[str, Any]) -> Record:
    kinesis = record["kinesis"]
    # The sequence number is unique within the stream only together with the shard; the event id has both.
    return Record(kinesis["sequenceNumber"], order_key=kinesis["partitionKey"], identity=record["eventID"])


def _attempt(
    read: Callable[[Mapping[str, Any], str], bytes], record: Mapping[str, Any], field: str
) -> bytes | Exception:
    try:
        return read(record, field)
    except EnvelopeError as error:
        return error


def _text_from_queue(record: Mapping[str, Any], _: str) -> bytes:
    body = record["body"]
    if not isinstance(body, str):
        raise InvalidRequest(f"body must be text, got {type(body).__name__}")
    try:
        data = body.encode()
    except UnicodeEncodeError as error:
        raise InvalidRequest("body must be Unicode text, got half a character") from error
    return data


def _base64_from_queue(record: Mapping[str, Any], field: str) -> bytes:
    return data_of(record["body"], field)


def _from_stream(record: Mapping[str, Any], field: str) -> bytes:
    return data_of(record["kinesis"]["data"], field)


_QUEUE_READERS: Final = {"plaintext": _text_from_queue, "message": _base64_from_queue}
