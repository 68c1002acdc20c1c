"""Sending results of records on: many in a request, in order where there is one, each failure where it belongs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from math import inf
from typing import Final

from envelope.errors import EnvelopeError, InvalidRequest, NotReached
from envelope.records.batch import RESERVE_SECONDS, TOO_LATE, Outcome
from envelope.records.record_sinks import Addressed, Entry, RecordSink, is_final
from envelope.records.sink_retries import ATTEMPT_SECONDS_MAX


class Order(Enum):
    """In which order the records of a source stand, and so what a failure means for those behind it.

    Lambda delivers at least once, and what was sent is sent again where Lambda goes back before it. Records that wait
    behind a failed one of a FIFO queue are received again with it, and SQS counts that: those of a message group reach
    the dead-letter queue together.
    """

    NONE = "a queue without order: every record is on its own"
    BY_KEY = "a FIFO queue: after a failure, the rest of that message group waits"
    BY_POSITION = "a stream: Lambda goes back to the first failure, so everything behind it waits"


@dataclass(frozen=True, slots=True)
class Record:
    """One record as its source has it.

    Attributes:
        identifier: What Lambda wants to hear if it fails.
        order_key: Its message group or partition key.
        identity: By which a FIFO queue knows it.
    """

    identifier: str
    order_key: str
    identity: str


_BEHIND: Final = NotReached("record must wait for the one before it, got a failure there")
_SHARE_TO_RESERVE: Final = 0.5


class Delivery:
    """One invocation's results on their way into one sink."""

    def __init__(self, sink: RecordSink, *, order: Order, remaining_seconds: Callable[[], float]) -> None:
        """Begin.

        Args:
            sink: Who takes the results.
            order: How the records stand to each other.
            remaining_seconds: Seconds until Lambda stops the function. No request is begun in the last of them: one
                that hangs must end, and the failures must be told. Of a function that has hardly any time it is the
                last half.
        """
        self.failures: dict[int, Exception] = {}
        """What was not sent, by position in the batch, and why."""
        self._sink = sink
        self._order = order
        self._remaining_seconds = remaining_seconds
        self._reserve = min(ATTEMPT_SECONDS_MAX + RESERVE_SECONDS, remaining_seconds() * _SHARE_TO_RESERVE)
        self._closed: Exception | None = None
        self._failed_keys: dict[str, int] = {}
        self._first_failure: float = inf
        self._waiting: list[tuple[int, Record, Entry]] = []
        self._waiting_bytes = 0
        self._waiting_keys: set[str] = set()

    def deliver(self, records: Sequence[Record], outcomes: Sequence[Outcome]) -> None:
        """Send everything that can be sent.

        Args:
            records: The batch.
            outcomes: The result of each record, or why there is none.
        """
        for position, (record, outcome) in enumerate(zip(records, outcomes, strict=True)):
            if isinstance(outcome, Exception):
                self._fail(position, record, self._reason_to_hold(position, record) or outcome)
            else:
                self._add(position, record, outcome)
        self._send_waiting()

    def _add(self, position: int, record: Record, content: bytes | bytearray) -> None:
        try:
            entry = self._sink.entry(Addressed(content, record.order_key, record.identity))
        except EnvelopeError as error:
            self._fail(position, record, self._reason_to_hold(position, record) or error)
            return
        if not self._fits(record, entry):
            self._send_waiting()
        held = self._reason_to_hold(position, record)
        if held is not None:
            self._fail(position, record, held)
            return
        self._waiting.append((position, record, entry))
        self._waiting_bytes += entry.size
        self._waiting_keys.add(record.order_key)

    def _fits(self, record: Record, entry: Entry) -> bool:
        return (
            len(self._waiting) < self._sink.entries_max
            and self._waiting_bytes + entry.size <= self._sink.bytes_max
            and not (self._sink.keeps_order and record.order_key in self._waiting_keys)
        )

    def _reason_to_hold(self, position: int, record: Record) -> Exception | None:
        if self._closed is not None:
            return self._closed
        if self._order is Order.BY_POSITION and self._first_failure < position:
            return _BEHIND
        if self._order is Order.BY_KEY and self._failed_keys.get(record.order_key, position) < position:
            return _BEHIND
        return None

    def _fail(self, position: int, record: Record, error: Exception) -> None:
        self.failures[position] = error
        self._first_failure = min(self._first_failure, position)
        self._failed_keys[record.order_key] = min(self._failed_keys.get(record.order_key, position), position)

    def _send_waiting(self) -> None:
        sending, self._waiting, self._waiting_bytes, self._waiting_keys = self._waiting, [], 0, set()
        if not sending:
            return
        if self._closed is None and self._remaining_seconds() <= self._reserve:
            self._closed = TOO_LATE
        if self._closed is not None:
            for position, record, _ in sending:
                self._fail(position, record, self._closed)
            return
        self._send(sending)

    def _send(self, sending: Sequence[tuple[int, Record, Entry]]) -> None:
        try:
            refused = self._sink.send([entry for _, _, entry in sending])
        except InvalidRequest as error:
            if len(sending) == 1:
                refused = {0: error}
            else:
                # One of them is what the sink does not take. It fails alone.
                self._send_singly(sending)
                return
        except EnvelopeError as error:
            refused = dict.fromkeys(range(len(sending)), error)
            if is_final(error):
                self._closed = error
        for index, reason in refused.items():
            position, record, _ = sending[index]
            self._fail(position, record, reason)

    def _send_singly(self, sending: Sequence[tuple[int, Record, Entry]]) -> None:
        for position, record, entry in sending:
            held = self._reason_to_hold(position, record)
            if held is not None:
                self._fail(position, record, held)
            else:
                self._send([(position, record, entry)])
