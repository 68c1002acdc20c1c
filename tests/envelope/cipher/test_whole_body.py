import pytest
from hypothesis import given
from hypothesis import strategies as st

from envelope.cipher.seal import MessageCipher
from envelope.cipher.whole_body import open_body, seal_body
from envelope.errors import LimitExceeded, MalformedMessage, NotAuthentic
from envelope.format.frames import body_length
from envelope.format.header import Header, UnverifiedHeader
from envelope.limits import BATCH_FRAMES_MAX
from tests.support.message_builder import Frame, MessageBuilder
from tests.support.plain_reader import derived

GOOD = MessageBuilder()
MESSAGE_KEY, COMMITMENT = derived(GOOD.facts, GOOD.own_id, GOOD.own_data_key)
CIPHER = MessageCipher(MESSAGE_KEY)


def header_of(built: MessageBuilder) -> Header:
    return CIPHER.verify_header(UnverifiedHeader.parse(built.build()), commitment=COMMITMENT)


def sealed(plaintext: bytes, *, frame_length: int) -> bytes:
    body = bytearray(body_length(len(plaintext), frame_length=frame_length))
    seal_body(
        memoryview(plaintext), memoryview(body), cipher=CIPHER, message_id=GOOD.message_id, frame_length=frame_length
    )
    return bytes(body)


@pytest.mark.parametrize("length", [0, 1, 4, 5, 6, 10, 11, 14])
def test_seals_what_the_builder_builds(length: int) -> None:
    built = GOOD.but(plaintext=bytes(range(length)))

    assert sealed(built.plaintext, frame_length=5) == built.body()


@given(st.binary(max_size=100), st.integers(1, 30))
def test_opens_what_was_sealed(plaintext: bytes, frame_length: int) -> None:
    header = header_of(GOOD.but(frame_length=frame_length))

    opened = open_body(memoryview(sealed(plaintext, frame_length=frame_length)), cipher=CIPHER, header=header)

    assert opened == plaintext


def test_opens_more_frames_than_are_worked_on_at_a_time() -> None:
    plaintext = bytes(range(256)) * (2 * BATCH_FRAMES_MAX // 256) + b"rest"

    opened = open_body(
        memoryview(sealed(plaintext, frame_length=1)), cipher=CIPHER, header=header_of(GOOD.but(frame_length=1))
    )

    assert opened == plaintext


def test_opens_an_empty_final_frame_behind_full_ones() -> None:
    built = GOOD.but(frames=(Frame(b"dawn!", 1, final=False), Frame(b"", 2, final=True)))

    assert open_body(memoryview(built.body()), cipher=CIPHER, header=header_of(built)) == b"dawn!"


def test_opens_a_block() -> None:
    built = GOOD.but(content_type=1)

    assert open_body(memoryview(built.body()), cipher=CIPHER, header=header_of(built)) == built.plaintext


def swapped(body: bytes) -> bytes:
    return body[37:74] + body[:37] + body[74:]


@pytest.mark.parametrize(
    ("body", "refusal", "text"),
    [
        (GOOD.body()[37:], MalformedMessage, "sequence number must be 1, got 2"),
        (GOOD.body()[:37] * 2 + GOOD.body()[74:], MalformedMessage, "sequence number must be 2, got 1"),
        (swapped(GOOD.body()), MalformedMessage, "sequence number must be 1, got 2"),
        (GOOD.body()[:74], MalformedMessage, "must be whole frames, got 74 bytes"),
        (GOOD.body() + b"x", MalformedMessage, "content length of the final frame must be 5, got 4"),
        (GOOD.body() + b"xx", MalformedMessage, "must be whole frames"),
        (GOOD.body()[:-1] + b"x", NotAuthentic, "must be authentic"),
        (GOOD.body()[:30] + b"x" + GOOD.body()[31:], NotAuthentic, "must be authentic"),
        (b"", MalformedMessage, "must be at least 40 bytes"),
    ],
)
def test_refuses_what_is_not_exactly_the_frames_of_the_message(
    body: bytes, refusal: type[Exception], text: str
) -> None:
    with pytest.raises(refusal, match=text):
        open_body(memoryview(body), cipher=CIPHER, header=header_of(GOOD))


def test_refuses_a_block_of_another_length() -> None:
    built = GOOD.but(content_type=1, unframed_length=13)

    with pytest.raises(MalformedMessage, match="content length must be 14, got 13"):
        open_body(memoryview(built.body()), cipher=CIPHER, header=header_of(built))


def test_refuses_frames_that_are_too_large_for_one_operation_before_it_takes_memory() -> None:
    class Huge:
        """Longer than any memory."""

        def __len__(self) -> int:
            return 2**33

    header = header_of(GOOD.but(written_frame_length=2**32 - 1))

    with pytest.raises(LimitExceeded, match="frames must be at most 2147483647 bytes"):
        open_body(Huge(), cipher=CIPHER, header=header)  # type: ignore[arg-type]  # only its length is looked at
