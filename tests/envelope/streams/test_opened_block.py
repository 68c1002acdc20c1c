from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envelope.cipher.seal import MessageCipher
from envelope.errors import MalformedMessage, NotAuthentic
from envelope.format.header import UnverifiedHeader
from envelope.limits import BATCH_BYTES
from envelope.streams.intake import Intake
from envelope.streams.opened_block import opened_block
from tests.support.message_builder import MessageBuilder
from tests.support.plain_reader import derived
from tests.support.sources import Dripping

GOOD = MessageBuilder(content_type=1)
MESSAGE_KEY, COMMITMENT = derived(GOOD.facts, GOOD.own_id, GOOD.own_data_key)
CIPHER = MessageCipher(MESSAGE_KEY)


def opened(
    body: bytes,
    *,
    seen: Callable[[memoryview], None] = len,  # type: ignore[assignment]  # any function will do
    check_end: Callable[[], None] = lambda: None,
) -> tuple[list[bytes], bytes]:
    """The pieces, and what was left of the source."""
    header = CIPHER.verify_header(UnverifiedHeader.parse(GOOD.build()), commitment=COMMITMENT)
    intake = Intake(Dripping(body, sizes=(1, 100_000)))
    blocks = opened_block(intake, header=header, cipher=CIPHER, follows=None, seen=seen, check_end=check_end)
    return [bytes(block) for block in blocks], intake.read(10_000)


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_reads_the_block_and_leaves_what_follows(plaintext: bytes, more: bytes) -> None:
    assert opened(GOOD.but(plaintext=plaintext).body() + more) == ([plaintext] if plaintext else [], more)


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_reads_long_blocks_in_pieces(more: int) -> None:
    plaintext = bytes(range(256)) * (2 * BATCH_BYTES // 256)
    plaintext = plaintext[:more] if more < 0 else plaintext + bytes(more)

    pieces, _ = opened(GOOD.but(plaintext=plaintext).body())

    assert b"".join(pieces) == plaintext
    assert {len(piece) for piece in pieces[:-1]} == {BATCH_BYTES}


def test_tells_of_every_byte_and_checks_the_end_before_the_last_piece() -> None:
    told, ended = bytearray(), []

    def check_end() -> None:
        ended.append(len(told))
        raise MalformedMessage("as it should not end")

    with pytest.raises(MalformedMessage, match="as it should not end"):
        opened(GOOD.body() + b"footer", seen=told.extend, check_end=check_end)
    assert told == GOOD.body()
    assert ended == [len(GOOD.body())]


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (0, "must be at least 36 bytes, got 0"),
        (19, "must be at least 36 bytes, got 19"),
        (20, "message body must hold 14 bytes, got fewer"),
        (33, "message body must hold 14 bytes, got fewer"),
        (34, "tag must be 16 bytes, got 0"),
        (49, "tag must be 16 bytes, got 15"),
    ],
)
def test_refuses_a_block_that_is_cut_short(length: int, text: str) -> None:
    with pytest.raises(MalformedMessage, match=text):
        opened(GOOD.body()[:length])


@pytest.mark.parametrize("place", [0, 11, 20, 33, 34, 49])
def test_refuses_a_changed_block(place: int) -> None:
    body = bytearray(GOOD.body())
    body[place] ^= 1

    with pytest.raises(NotAuthentic):
        opened(bytes(body))


def test_a_length_of_64_gib_takes_no_memory() -> None:
    body = GOOD.but(unframed_length=2**36 - 32).body()

    with pytest.raises(MalformedMessage, match="must hold 68719476704 bytes, got fewer"):
        opened(body)
