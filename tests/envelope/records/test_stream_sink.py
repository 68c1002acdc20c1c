import pytest

from envelope.errors import EnvelopeError, InvalidRequest, LimitExceeded, StorageAccessDenied, StorageUnavailable
from envelope.records.record_sinks import Addressed, Entry
from envelope.records.stream_sink import StreamSink
from tests.support.fake_clients import FakeStreams
from tests.support.fake_kms import client_error
from tests.support.record_events import STREAM_ARN


def test_a_record_keeps_its_partition_key_which_counts_too() -> None:
    entry = StreamSink(FakeStreams(), stream_arn=STREAM_ARN).entry(Addressed(bytearray(b"ab"), "\u00e9", "id"))

    assert entry == Entry({"Data": b"ab", "PartitionKey": "\u00e9"}, 4)


def test_the_largest_record_is_taken_and_one_byte_more_is_refused() -> None:
    sink = StreamSink(FakeStreams(), stream_arn=STREAM_ARN)
    most = 10 * 1024 * 1024 - 1

    assert sink.entry(Addressed(bytes(most), "k", "")).size == most + 1
    with pytest.raises(LimitExceeded, match="at most 10485760 bytes for Kinesis, got 10485761"):
        sink.entry(Addressed(bytes(most + 1), "k", ""))


def entries(*texts: str) -> list[Entry]:
    return [Entry({"Data": text.encode(), "PartitionKey": text}, 2 * len(text)) for text in texts]


def test_what_is_not_taken_is_told_by_position() -> None:
    streams = FakeStreams(
        refuse=lambda entry: "ProvisionedThroughputExceededException" if entry["Data"] == b"b" else None
    )

    refused = StreamSink(streams, stream_arn=STREAM_ARN).send(entries("a", "b", "c"))

    assert {position: type(error) for position, error in refused.items()} == {1: StorageUnavailable}
    assert [entry["Data"] for entry in streams.taken] == [b"a", b"c"]
    assert streams.stream_arns == {STREAM_ARN}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("AccessDeniedException", StorageAccessDenied),
        ("KMSAccessDeniedException", StorageAccessDenied),
        ("ResourceNotFoundException", StorageAccessDenied),
        ("InvalidArgumentException", InvalidRequest),
        ("ProvisionedThroughputExceededException", StorageUnavailable),
    ],
)
def test_a_request_that_failed_is_told_by_remedy(code: str, kind: type[EnvelopeError]) -> None:
    with pytest.raises(EnvelopeError, match=f"Kinesis must take the records, got {code}") as refused:
        StreamSink(FakeStreams(refuse=lambda _: client_error(code)), stream_arn=STREAM_ARN).send(entries("a"))

    assert type(refused.value) is kind
