from io import BytesIO

import pytest

from envelope.errors import EnvelopeError, LimitExceeded, MalformedMessage
from envelope.limits import READ_FRAME_BYTES_MAX
from kms_envelope.message_ends import MessageEnds
from kms_envelope.source import FileSource
from tests.support.kms_envelope_command import CONTEXT, KEY, run_command
from tests.support.message_builder import MessageBuilder

PLAINTEXT = bytes(range(256)) * 12_288  # 3 MiB


def message(frame_length: int, length: int) -> bytes:
    frames = ("--frame-length", str(frame_length))
    return run_command("encrypt", *KEY, *CONTEXT, *frames, "-", "-", piped=PLAINTEXT[:length]).stdout_bytes


def ends_of(data: bytes, *, size: int | None) -> MessageEnds:
    return MessageEnds.of(FileSource(BytesIO(data), size=size))


@pytest.mark.parametrize(
    ("frame_length", "length"), [(1, 100), (1000, 131_073), (65_536, len(PLAINTEXT)), (2_000_000, len(PLAINTEXT))]
)
def test_a_pipe_and_a_file_have_the_same_ends(frame_length: int, length: int) -> None:
    data = message(frame_length, length)
    pipe, file = ends_of(data, size=None), ends_of(data, size=len(data))
    farthest = max(len(data) - frame_length - 146, 0)

    assert pipe == file
    assert (file.header.frame_length, file.message_bytes) == (frame_length, len(data))
    for first, last in [(0, 9), (131_000, 131_070), (farthest, len(data) - 1), (len(data) - 5, len(data) - 1)]:
        assert pipe.fetch(first, last) == file.fetch(first, last) == data[first : last + 1]


def test_no_more_of_a_pipe_is_kept_than_the_longest_frame() -> None:
    claimed = MessageBuilder(written_frame_length=2**32 - 1).header()
    length = READ_FRAME_BYTES_MAX + 4 * 1024 * 1024
    kept = ends_of(claimed + bytes(length - len(claimed)), size=None)

    assert kept.message_bytes == length
    assert kept.fetch(length - READ_FRAME_BYTES_MAX, length - READ_FRAME_BYTES_MAX + 9) == bytes(10)
    with pytest.raises(LimitExceeded, match=f"at most {READ_FRAME_BYTES_MAX} bytes to be looked at in a pipe"):
        kept.fetch(1_100_000, 1_100_009)


@pytest.mark.parametrize("size", [0, None])
def test_refuses_nothing(size: int | None) -> None:
    with pytest.raises(MalformedMessage, match="must have a header, got nothing"):
        ends_of(b"", size=size)


@pytest.mark.parametrize("size", [4, None])
def test_refuses_what_has_no_header(size: int | None) -> None:
    with pytest.raises(EnvelopeError, match="must"):
        ends_of(b"\2\4\x78\0", size=size)
