import base64
import json
from pathlib import Path

import pytest

from envelope.errors import MalformedMessage
from envelope.format.header import UnverifiedHeader
from kms_envelope.body_facts import BodyFacts
from kms_envelope.message_ends import ANY_MESSAGE, MessageEnds
from tests.support.kms_envelope_command import CONTEXT, KEY, run_command

PLAINTEXT = bytes(1000)
VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "written-by-aws-encryption-sdk.json"
ONE_BLOCK = [
    base64.b64decode(each["message"])
    for each in json.loads(VECTORS.read_text())["vectors"]
    if each["name"] in {"suite 0014: 200 bytes, one block, 4 pairs", "suite 0214: 200 bytes, one block, 4 pairs"}
]


def message(*options: str) -> bytes:
    return run_command("encrypt", *KEY, *CONTEXT, *options, "-", "-", piped=PLAINTEXT).stdout_bytes


def facts(data: bytes) -> BodyFacts:
    return BodyFacts.of(
        MessageEnds(
            UnverifiedHeader.parse(data, policy=ANY_MESSAGE), len(data), lambda first, last: data[first : last + 1]
        )
    )


@pytest.mark.parametrize(("frame_length", "frames"), [("1", 1000), ("999", 2), ("1000", 1), ("65536", 1)])
@pytest.mark.parametrize("signing", [(), ("--sign",)])
def test_frames_and_plaintext_are_counted(frame_length: str, frames: int, signing: tuple[str, ...]) -> None:
    assert facts(message("--frame-length", frame_length, *signing)) == BodyFacts(frames=frames, plaintext_bytes=1000)


def test_an_empty_final_frame_of_other_writers_counts() -> None:
    data = message("--frame-length", "100")
    header = UnverifiedHeader.parse(data).length
    # The SDK's third frame, with nothing in it: mark, number, nonce, length, tag.
    final = b"\xff" * 4 + (3).to_bytes(4) + bytes(12) + bytes(4) + bytes(16)

    assert facts(data[: header + 2 * 132] + final) == BodyFacts(frames=3, plaintext_bytes=200)


@pytest.mark.parametrize("frames", [0, 1, 2, 8])
@pytest.mark.parametrize("rest", [40, 41, 139, 140])
def test_refuses_a_cut_that_leaves_a_length_which_messages_have(frames: int, rest: int) -> None:
    data = message("--frame-length", "100")

    with pytest.raises(MalformedMessage, match="must end with its final frame, got a regular one"):
        facts(data[: UnverifiedHeader.parse(data).length + frames * 132 + rest])


def test_refuses_a_final_frame_that_states_another_length() -> None:
    data = message("--frame-length", "300")  # the last 100 bytes are alone

    with pytest.raises(MalformedMessage, match="must be that of the message, 99, got 100"):
        facts(data[:-1])


def test_one_block_is_as_long_as_it_says() -> None:
    unsigned, signed = ONE_BLOCK

    assert facts(unsigned) == facts(signed) == BodyFacts(frames=0, plaintext_bytes=200)
    with pytest.raises(MalformedMessage, match="must be that of the message, 199, got 200"):
        facts(unsigned[:-1])


@pytest.mark.parametrize("signature", [b"", b"0", bytes(103), b"0\x66" + bytes(102), b"\x30\x65" + bytes(100)])
def test_refuses_an_end_that_is_no_signature(signature: bytes) -> None:
    signed = message("--sign")

    with pytest.raises(MalformedMessage, match="must end with a signature"):
        facts(signed[:-105] + signature)


def test_refuses_a_body_without_a_final_frame() -> None:
    data = message("--frame-length", "100")

    with pytest.raises(MalformedMessage, match="whole frames"):
        facts(data[: UnverifiedHeader.parse(data).length + 132 + 20])
