import pytest

from envelope.errors import MalformedMessage
from envelope.format.frames import body_length
from envelope.format.header import UnverifiedHeader
from kms_envelope.body_facts import BodyFacts
from kms_envelope.message_ends import MessageEnds
from tests.support.kms_envelope_command import CONTEXT, KEY, run_command

PLAINTEXT = bytes(1000)


def message(*options: str) -> bytes:
    return run_command("encrypt", *KEY, *CONTEXT, *options, "-", "-", piped=PLAINTEXT).stdout_bytes


def facts(data: bytes) -> BodyFacts:
    ends = MessageEnds(front=data, tail=data[-200:], message_bytes=len(data))
    return BodyFacts.of(ends, header=UnverifiedHeader.parse(data))


@pytest.mark.parametrize(("frame_length", "frames"), [("1", 1000), ("999", 2), ("1000", 1), ("65536", 1)])
@pytest.mark.parametrize("signing", [(), ("--sign",)])
def test_frames_and_plaintext_are_counted(frame_length: str, frames: int, signing: tuple[str, ...]) -> None:
    assert facts(message("--frame-length", frame_length, *signing)) == BodyFacts(frames=frames, plaintext_bytes=1000)


def test_an_empty_final_frame_of_other_writers_counts() -> None:
    header = UnverifiedHeader.parse(message("--frame-length", "100"))
    length = header.length + body_length(200, frame_length=100) + 32  # the SDK's third frame, with nothing in it

    assert BodyFacts.of(MessageEnds(b"", b"", length), header=header) == BodyFacts(frames=3, plaintext_bytes=200)


@pytest.mark.parametrize("signature", [b"", b"0", bytes(103), b"0\x66" + bytes(102), b"\x30\x65" + bytes(100)])
def test_refuses_an_end_that_is_no_signature(signature: bytes) -> None:
    signed = message("--sign")

    with pytest.raises(MalformedMessage, match="must end with a signature"):
        facts(signed[:-105] + signature)


def test_refuses_a_body_without_a_final_frame() -> None:
    data = message("--frame-length", "100")

    with pytest.raises(MalformedMessage, match="whole frames"):
        facts(data[: UnverifiedHeader.parse(data).length + 132 + 20])
