from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envelope.cipher.seal import MessageCipher
from envelope.errors import MalformedMessage, NotAuthentic
from envelope.format.header import UnverifiedHeader
from envelope.streams.intake import Intake
from envelope.streams.opened_frames import opened_frames
from tests.support.message_builder import FINAL_MARK, Frame, MessageBuilder
from tests.support.plain_reader import derived
from tests.support.sources import Dripping

GOOD = MessageBuilder()
MESSAGE_KEY, COMMITMENT = derived(GOOD.facts, GOOD.own_id, GOOD.own_data_key)
CIPHER = MessageCipher(MESSAGE_KEY)
STRIDE = 37


def opened(
    body: bytes,
    *,
    built: MessageBuilder = GOOD,
    follows: int | None = None,
    seen: Callable[[memoryview], None] = len,  # type: ignore[assignment]  # any function will do
    check_end: Callable[[], None] = lambda: None,
) -> tuple[bytes, bytes]:
    """The plaintext, and what was left of the source."""
    header = CIPHER.verify_header(UnverifiedHeader.parse(built.build()), commitment=COMMITMENT)
    intake = Intake(Dripping(body))
    blocks = opened_frames(intake, header=header, cipher=CIPHER, follows=follows, seen=seen, check_end=check_end)
    return b"".join(map(bytes, blocks)), intake.read(10_000)


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_reads_frames_up_to_the_final_one_and_leaves_what_follows(plaintext: bytes, more: bytes) -> None:
    data = GOOD.but(plaintext=plaintext).body() + more

    assert opened(data) == opened(data, follows=len(data)) == (plaintext, more)


def test_tells_of_every_byte_of_the_body_and_of_no_other() -> None:
    told = bytearray()

    opened(GOOD.body() + b"footer", seen=told.extend)

    assert told == GOOD.body()


def test_checks_the_end_when_all_was_told_and_before_the_last_block() -> None:
    events: list[str] = []
    large = GOOD.but(plaintext=bytes(3000), frame_length=1)
    header = CIPHER.verify_header(UnverifiedHeader.parse(large.build()), commitment=COMMITMENT)
    blocks = opened_frames(
        Intake(Dripping(large.body(), sizes=(10_000,))),
        header=header,
        cipher=CIPHER,
        follows=None,
        seen=lambda _: events.append("seen"),
        check_end=lambda: events.append("end"),
    )

    events.extend(f"{len(block)} bytes" for block in blocks)

    assert events == ["seen", "1024 bytes", "seen", "1024 bytes", "seen", "end", "952 bytes"]


def reordered(*places: int) -> bytes:
    parts = [GOOD.body()[start:stop] for start, stop in pairwise((0, STRIDE, 2 * STRIDE, len(GOOD.body())))]
    return b"".join(parts[place] for place in places)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (reordered(1, 2), "sequence number must be 1, got 2"),
        (reordered(0, 0, 1, 2), "sequence number must be 2, got 1"),
        (reordered(0, 2), "sequence number of the final frame must be 2, got 3"),
        (reordered(1, 0, 2), "sequence number must be 1, got 2"),
        (reordered(0, 1), "must end with its final frame, got 0 bytes in place of it"),
        (b"", "must end with its final frame, got 0 bytes in place of it"),
        (reordered(0)[:-1], "must end with its final frame, got a regular one"),
        (reordered(0, 1, 2)[:-1], "final frame must be 44 bytes, got 43"),
        (reordered(0, 1) + FINAL_MARK + bytes(19), "head of the final frame must be 24 bytes, got 23"),
        (b"".join(frame.build(GOOD.cipher, GOOD.message_id) for frame in [Frame(b"", 1, final=True, written_length=6)]),
         "content length of the final frame must be at most 5, got 6"),
    ],
)  # fmt: skip
def test_refuses_frames_that_are_not_the_next_ones(body: bytes, text: str) -> None:
    for follows in (None, len(body)):
        with pytest.raises(MalformedMessage, match=text):
            opened(body, follows=follows)


@pytest.mark.parametrize("place", [4, STRIDE - 1, 2 * STRIDE + 8, 2 * STRIDE + 24, -1])
def test_refuses_changed_frames(place: int) -> None:
    body = bytearray(GOOD.body())
    body[place] ^= 1

    with pytest.raises(NotAuthentic):
        opened(bytes(body))


def test_takes_whatever_nonce_a_frame_has() -> None:
    built = GOOD.but(frames=(Frame(b"dawn!", 1, final=False, nonce=b"\xff" * 12), Frame(b"", 2, final=True)))

    assert opened(built.body()) == (b"dawn!", b"")
