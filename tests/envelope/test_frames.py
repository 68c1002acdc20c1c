import pytest
from hypothesis import given
from hypothesis import strategies as st

from envelope.errors import InvalidRequest, LimitExceeded, MalformedMessage
from envelope.frames import body_length, pieces_to_open, pieces_to_seal, plaintext_length
from envelope.limits import FRAME_BYTES_MAX, SEQUENCE_MAX
from tests.support.message_builder import MESSAGE_ID, MessageBuilder


@given(st.integers(0, 2**40), st.integers(1, FRAME_BYTES_MAX))
def test_the_two_lengths_are_inverse(length: int, frame_length: int) -> None:
    if (length - 1) // frame_length < SEQUENCE_MAX:
        assert plaintext_length(body_length(length, frame_length=frame_length), frame_length=frame_length) == length


@pytest.mark.parametrize("length", [0, 1, 4, 5, 6, 9, 10, 11])
def test_the_length_is_that_of_a_real_body(length: int) -> None:
    built = MessageBuilder(plaintext=b"x" * length, frame_length=5)

    assert body_length(length, frame_length=5) == len(built.body())


def test_frames_that_come_out_even_end_with_a_full_one() -> None:
    assert body_length(10, frame_length=5) == 10 + 32 + 40


@pytest.mark.parametrize("frame_length", [-1, 0, FRAME_BYTES_MAX + 1])
def test_refuses_to_write_impossible_frames(frame_length: int) -> None:
    with pytest.raises(InvalidRequest, match=f"frame_length must be 1 to 2147483647 bytes, got {frame_length}"):
        body_length(1, frame_length=frame_length)


def test_refuses_more_frames_than_sequence_numbers() -> None:
    assert body_length(SEQUENCE_MAX, frame_length=1) == SEQUENCE_MAX * 33 + 8
    with pytest.raises(LimitExceeded, match="at most 4294967295 frames of 1 bytes, got 4294967296 bytes"):
        body_length(SEQUENCE_MAX + 1, frame_length=1)


@pytest.mark.parametrize(("length", "frame_length"), [(0, 5), (39, 5), (39, 4096), (35, 0), (0, 0)])
def test_refuses_a_body_without_room_for_its_last_frame(length: int, frame_length: int) -> None:
    with pytest.raises(MalformedMessage, match=f"must be at least (36|40) bytes, got {length}"):
        plaintext_length(length, frame_length=frame_length)


def test_refuses_a_body_that_is_not_whole_frames() -> None:
    for length in range(46, 46 + 31):
        with pytest.raises(MalformedMessage, match=f"must be whole frames, got {length} bytes"):
            plaintext_length(length, frame_length=5)


@pytest.mark.parametrize("frame_length", [0, 2**32 - 1])
def test_refuses_a_frame_that_is_too_large_for_one_operation(frame_length: int) -> None:
    with pytest.raises(LimitExceeded, match="frames must be at most 2147483647 bytes, got"):
        plaintext_length(2**31 + 40, frame_length=frame_length)


def test_refuses_regular_frames_that_are_too_large_for_one_operation() -> None:
    with pytest.raises(LimitExceeded, match="frames must be at most 2147483647 bytes, got 4294967295"):
        plaintext_length(2**32 + 31 + 40, frame_length=2**32 - 1)


def test_reads_small_bodies_whatever_large_frame_length_the_header_says() -> None:
    assert plaintext_length(41, frame_length=2**32 - 1) == 1


def test_every_frame_has_a_nonce_of_its_own_and_none_has_the_one_of_the_header() -> None:
    plaintext = memoryview(bytes(25))
    body = memoryview(bytearray(body_length(25, frame_length=5)))

    nonces = [bytes(nonce) for nonce, *_ in pieces_to_seal(plaintext, body, message_id=MESSAGE_ID, frame_length=5)]

    assert nonces == [bytes(8) + number.to_bytes(4) for number in range(1, 6)]


@given(st.integers(0, 40), st.integers(1, 9))
def test_what_was_laid_out_is_found_again(length: int, frame_length: int) -> None:
    body = memoryview(bytearray(body_length(length, frame_length=frame_length)))
    plaintext = memoryview(bytearray(length))

    def seen(pieces: object) -> list[tuple[bytes, bytes]]:
        return [(bytes(piece[0]), bytes(piece[2])) for piece in pieces]  # type: ignore[attr-defined]

    laid_out = seen(pieces_to_seal(plaintext, body, message_id=MESSAGE_ID, frame_length=frame_length))
    found = seen(pieces_to_open(body, plaintext, message_id=MESSAGE_ID, frame_length=frame_length))

    assert laid_out == found
