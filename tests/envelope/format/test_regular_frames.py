import pytest

from envelope.format.regular_frames import RegularFrames, batch_frames
from tests.support.message_builder import MESSAGE_ID

FRAME_LENGTH = 5
STRIDE = FRAME_LENGTH + 32


def three() -> tuple[memoryview, RegularFrames]:
    frames, contents = memoryview(bytearray(3 * STRIDE + 7)), memoryview(bytearray(3 * FRAME_LENGTH + 2))
    return frames, RegularFrames(frames, contents, message_id=MESSAGE_ID, frame_length=FRAME_LENGTH)


@pytest.mark.parametrize(
    ("frame_length", "expected"), [(1, 1024), (384, 1024), (4096, 96), (65536, 6), (2**19, 1), (2**31 - 1, 1)]
)
def test_a_batch_is_what_the_caches_hold(frame_length: int, expected: int) -> None:
    assert batch_frames(frame_length) == expected


def test_lays_out_as_many_frames_as_there_is_plaintext_for() -> None:
    _, frames = three()

    lengths = {len(part) for part in (frames.nonces, frames.sealed, frames.contents, frames.associated_data)}
    assert lengths == {3}


def test_every_frame_has_its_number_as_its_nonce_and_in_what_it_is_bound_to() -> None:
    room, frames = three()

    for first in (1, 4, 2**32 - 4):
        frames.write_numbers(first, 3)

        numbers = [number.to_bytes(4) for number in range(first, first + 3)]
        assert [bytes(nonce) for nonce in frames.nonces] == [bytes(8) + number for number in numbers]
        assert [bytes(room[start : start + 4]) for start in range(0, 3 * STRIDE, STRIDE)] == numbers
        assert [bytes(bound) for bound in frames.associated_data] == [
            MESSAGE_ID + b"AWSKMSEncryptionClient Frame" + number + FRAME_LENGTH.to_bytes(8) for number in numbers
        ]


def test_no_frame_has_the_nonce_of_the_header() -> None:
    _, frames = three()

    frames.write_numbers(1, 3)

    assert bytes(12) not in [bytes(nonce) for nonce in frames.nonces]


def test_writes_only_the_frames_that_it_is_told_to() -> None:
    room, frames = three()

    frames.write_numbers(7, 2)

    assert bytes(room[2 * STRIDE :]) == bytes(STRIDE + 7)


def test_finds_frames_that_follow_one_another() -> None:
    _, frames = three()
    frames.write_numbers(7, 3)

    assert [frames.in_order(7, count) for count in range(4)] == [0, 1, 2, 3]
    assert [bytes(bound[-12:-8]) for bound in frames.associated_data] == [n.to_bytes(4) for n in (7, 8, 9)]


@pytest.mark.parametrize("place", range(3))
def test_finds_the_first_frame_that_is_another_one(place: int) -> None:
    room, frames = three()
    frames.write_numbers(7, 3)
    room[place * STRIDE + 3] ^= 0x80

    assert frames.in_order(7, 3) == place
    assert frames.number(place) == (7 + place) ^ 0x80
