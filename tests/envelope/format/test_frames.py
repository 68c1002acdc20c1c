import pytest
from hypothesis import given
from hypothesis import strategies as st

from envelope.errors import InvalidRequest, LimitExceeded, MalformedMessage
from envelope.format.frames import (
    block_bound_to,
    body_length,
    final_to_open,
    final_to_seal,
    length_of_body,
    parse_block_head,
    parse_final_head,
    plaintext_length,
    regular_frames,
    split_body,
)
from envelope.limits import FRAME_BYTES_MAX, SEQUENCE_MAX, UNFRAMED_BYTES_MAX
from tests.support.message_builder import FINAL_MARK, MESSAGE_ID, MessageBuilder


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


@given(st.integers(0, 2**40), st.integers(1, FRAME_BYTES_MAX))
def test_a_body_is_divided_into_the_frames_that_it_was_made_of(length: int, frame_length: int) -> None:
    regular = regular_frames(length, frame_length=frame_length)
    if regular < SEQUENCE_MAX:
        divided = split_body(body_length(length, frame_length=frame_length), frame_length=frame_length)

        assert divided == (regular, length - regular * frame_length)
        assert 0 < length - regular * frame_length <= frame_length or length == 0


@pytest.mark.parametrize("content_type", [1, 2])
@pytest.mark.parametrize("length", [0, 1, 5, 6, 14])
def test_finds_the_end_of_a_body_that_something_follows(content_type: int, length: int) -> None:
    built = MessageBuilder(plaintext=b"x" * length, content_type=content_type)
    frame_length = 5 if content_type == 2 else 0

    for footer in (b"", b"footer", bytes(100)):
        data = memoryview(built.body() + footer)
        assert length_of_body(data, frame_length=frame_length) == len(built.body())


@pytest.mark.parametrize("content_type", [1, 2])
def test_refuses_a_body_that_ends_before_its_end(content_type: int) -> None:
    body = MessageBuilder(content_type=content_type).body()

    for length in range(len(body)):
        with pytest.raises(MalformedMessage, match=f"got {length} bytes without its end"):
            length_of_body(memoryview(body)[:length], frame_length=5 if content_type == 2 else 0)


def test_a_final_frame_is_laid_out_and_found_again() -> None:
    frame, plaintext = memoryview(bytearray(44)), memoryview(bytearray(b"dawn"))

    to_seal = final_to_seal(plaintext, frame, message_id=MESSAGE_ID, sequence=3)
    length = parse_final_head(frame, sequence=3, frame_length=5)
    to_open = final_to_open(frame, plaintext, message_id=MESSAGE_ID, sequence=3)

    assert length == 4
    nonce, content, bound, sealed = to_seal
    assert bytes(frame[:24]) == FINAL_MARK + b"\0\0\0\3" + nonce + b"\0\0\0\4"
    assert nonce == bytes(11) + b"\3"
    assert bound == MESSAGE_ID + b"AWSKMSEncryptionClient Final Frame" + b"\0\0\0\3" + (4).to_bytes(8)
    assert (content, len(sealed)) == (plaintext, 20)
    assert to_open == (nonce, sealed, bound, content)


FINAL_HEAD = bytes(MessageBuilder().body())[2 * 37 :][:24]


@pytest.mark.parametrize(
    ("head", "text"),
    [
        (b"", "must end with its final frame, got 0 bytes in place of it"),
        (FINAL_HEAD[:3], "must end with its final frame, got 3 bytes in place of it"),
        (b"\0\0\0\3", "must end with its final frame, got a regular one"),
        (b"\0\0\0\2", "sequence number must be 3, got 2"),
        (FINAL_HEAD[:23], "head of the final frame must be 24 bytes, got 23"),
        (FINAL_MARK + b"\0\0\0\4" + FINAL_HEAD[8:], "sequence number of the final frame must be 3, got 4"),
        (FINAL_HEAD[:-1] + b"\6", "content length of the final frame must be at most 5, got 6"),
    ],
)
def test_refuses_what_is_no_final_frame(head: bytes, text: str) -> None:
    with pytest.raises(MalformedMessage, match=text):
        parse_final_head(memoryview(head), sequence=3, frame_length=5)


def test_a_block_says_its_length_and_is_bound_to_it() -> None:
    assert parse_block_head(memoryview(MessageBuilder(content_type=1).body())) == 14
    assert parse_block_head(memoryview(bytes(12) + UNFRAMED_BYTES_MAX.to_bytes(8))) == UNFRAMED_BYTES_MAX
    assert block_bound_to(MESSAGE_ID, length=14) == (
        MESSAGE_ID + b"AWSKMSEncryptionClient Single Block" + (1).to_bytes(4) + (14).to_bytes(8)
    )


@pytest.mark.parametrize(
    ("head", "text"),
    [
        (bytes(19), "must be at least 36 bytes, got 19"),
        (bytes(12) + (2**36 - 31).to_bytes(8), "content length must be at most 68719476704, got 68719476705"),
    ],
)
def test_refuses_what_is_no_block(head: bytes, text: str) -> None:
    with pytest.raises(MalformedMessage, match=text):
        parse_block_head(memoryview(head))
