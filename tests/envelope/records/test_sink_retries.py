"""Real clients of SQS and Kinesis as functions have them, with answers in memory where they would open a connection."""

from collections.abc import Callable
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from envelope.records.batch import RESERVE_SECONDS
from envelope.records.queue_sink import QueueSink
from envelope.records.record_delivery import Delivery, Order, Record
from envelope.records.record_sinks import RecordSink
from envelope.records.sink_retries import ATTEMPT_SECONDS_MAX, SinkRetryWindow, sink_config
from envelope.records.stream_sink import StreamSink

SESSION = botocore.session.get_session()
URL = "https://sink"
STREAM_ARN = "arn:aws:kinesis:eu-central-1:111122223333:stream/sealed"

Answer = tuple[int, bytes] | Exception

OK: Answer = (200, b'{"Records": [{}], "Successful": []}')
BUSY: Answer = (503, b'{"__type": "ServiceUnavailable"}')
DENIED: Answer = (403, b'{"__type": "AccessDenied"}')
SILENT: Answer = ReadTimeoutError(endpoint_url=URL)
UNREACHABLE: Answer = ConnectTimeoutError(endpoint_url=URL)
SINKS: dict[str, Callable[[Any], RecordSink]] = {
    "sqs": lambda client: QueueSink(client, queue_url=f"{URL}/111122223333/sealed"),
    "kinesis": lambda client: StreamSink(client, stream_arn=STREAM_ARN),
}


class Body:
    """A response body, as urllib3 has it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> list[bytes]:
        return [self._body]


class Service:
    """A client and how often it asked, with a clock that goes on as far as it can when the service says nothing."""

    def __init__(self, name: str, answer: Callable[[int], Answer], *, seconds: float) -> None:
        self.asked = 0
        self.seconds = seconds
        self._answer_to = answer
        self.client: Any = SESSION.create_client(
            name,
            region_name="eu-central-1",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            config=sink_config(),
        )
        events: Any = self.client.meta.events
        events.register(f"before-send.{name}", self._answer)
        SinkRetryWindow(self.seconds_left).watch(self.client)
        self.sink = SINKS[name](self.client)

    def seconds_left(self) -> float:
        return self.seconds

    def _answer(self, **_: object) -> AWSResponse:
        self.asked += 1
        answer = self._answer_to(self.asked)
        if isinstance(answer, Exception):
            self.seconds -= ATTEMPT_SECONDS_MAX
            raise answer
        status, body = answer
        return AWSResponse(URL, status, HTTPHeaders(), Body(body))

    def send(self) -> None:
        """Ask as a sink does, but for what it makes of the errors."""
        if isinstance(self.sink, QueueSink):
            self.client.send_message_batch(QueueUrl=URL, Entries=[{"Id": "0", "MessageBody": "QQ=="}])
        else:
            self.client.put_records(StreamARN=STREAM_ARN, Records=[{"Data": b"A", "PartitionKey": "a"}])

    def failures(self, number: int) -> list[str]:
        """Deliver so many records, each in a request of its own, and say what became of them."""
        delivery = Delivery(self.sink, order=Order.NONE, remaining_seconds=self.seconds_left)
        large = b"x" * (self.sink.bytes_max // 2)
        records = [Record(str(each), order_key=str(each), identity=str(each)) for each in range(number)]
        delivery.deliver(records, [large] * number)
        return [type(error).__name__ for _, error in sorted(delivery.failures.items())]


@pytest.mark.parametrize("name", SINKS)
@pytest.mark.parametrize(
    ("answer", "hung"), [(SILENT, ATTEMPT_SECONDS_MAX), (UNREACHABLE, ATTEMPT_SECONDS_MAX), (BUSY, 0)], ids=str
)
def test_asks_again_exactly_if_another_attempt_could_end_in_time(name: str, answer: Answer, hung: int) -> None:
    enough = hung + 1 + ATTEMPT_SECONDS_MAX + RESERVE_SECONDS
    tried = Service(name, lambda asked: answer if asked == 1 else OK, seconds=enough)
    tried.send()
    assert tried.asked == 2

    late = Service(name, lambda _: answer, seconds=enough - 0.1)
    with pytest.raises((ClientError, ReadTimeoutError, ConnectTimeoutError)):
        late.send()
    assert late.asked == 1


@pytest.mark.parametrize("name", SINKS)
@pytest.mark.parametrize("seconds", [0.0, 900.0])
def test_a_refusal_keeps_its_name_and_an_answer_is_one_whatever_the_time(name: str, seconds: float) -> None:
    denied = Service(name, lambda _: DENIED, seconds=seconds)
    with pytest.raises(ClientError) as caught:
        denied.send()
    assert (caught.value.response["Error"]["Code"], denied.asked) == ("AccessDenied", 1)

    answering = Service(name, lambda _: OK, seconds=seconds)
    answering.send()
    assert answering.asked == 1


@pytest.mark.parametrize("name", SINKS)
@pytest.mark.parametrize("seconds", [20.0, 10.5])
def test_a_destination_that_hangs_leaves_time_to_name_every_record(name: str, seconds: float) -> None:
    hung = Service(name, lambda _: SILENT, seconds=seconds)

    failures = hung.failures(5)

    assert failures == ["StorageUnavailable"] * 5
    assert hung.seconds >= RESERVE_SECONDS


@pytest.mark.parametrize("name", SINKS)
def test_a_destination_that_begins_to_hang_leaves_that_time_too(name: str) -> None:
    service = Service(name, lambda asked: OK if asked == 1 else SILENT, seconds=20.5)

    failures = service.failures(8)

    assert set(failures) == {"StorageUnavailable"}
    assert service.seconds >= RESERVE_SECONDS


@pytest.mark.parametrize("name", SINKS)
def test_the_settings_are_shorter_than_those_of_botocore(name: str) -> None:
    config = Service(name, lambda _: OK, seconds=1.0).client.meta.config

    assert 2 * config.connect_timeout + config.read_timeout == ATTEMPT_SECONDS_MAX
    assert config.retries == {"mode": "standard", "total_max_attempts": 5}
