import pytest
from hypothesis import given
from hypothesis import strategies as st

from envelope.format.frames import final_to_seal
from envelope.format.only_frame import ONLY_HEAD_BYTES, ONLY_NONCE, is_only_frame, only_bound_to, only_head
from envelope.limits import FRAME_BYTES_MAX


@given(st.integers(0, 300), st.binary(min_size=32, max_size=32))
def test_the_only_frame_is_the_final_frame_with_the_number_one(length: int, message_id: bytes) -> None:
    frame = memoryview(bytearray(length + 40))

    nonce, _, bound, _ = final_to_seal(memoryview(bytes(length)), frame, message_id=message_id, sequence=1)

    assert frame[:ONLY_HEAD_BYTES] == only_head(length)
    assert nonce == ONLY_NONCE
    assert bound == only_bound_to(message_id, length=length)
    assert is_only_frame(frame, frame_length=max(length, 1))


@pytest.mark.parametrize("position", range(ONLY_HEAD_BYTES))
def test_another_head_is_not_that_of_the_only_frame(position: int) -> None:
    frame = bytearray(only_head(5) + bytes(5 + 16))
    assert is_only_frame(memoryview(frame), frame_length=5)
    frame[position] ^= 1

    assert not is_only_frame(memoryview(frame), frame_length=5)


@pytest.mark.parametrize(
    ("stated", "there", "frame_length"), [(5, 5, 4), (5, 6, 8), (5, 4, 8), (0, 0, -1), (5, 5, 0), (5, 5, 2**31)]
)
def test_a_frame_of_another_length_is_not_the_only_one(stated: int, there: int, frame_length: int) -> None:
    frame = only_head(stated) + bytes(there + 16)

    assert not is_only_frame(memoryview(frame), frame_length=frame_length)


@pytest.mark.parametrize("length", [0, 23, 24, 39])
def test_half_a_frame_is_not_the_only_one(length: int) -> None:
    assert not is_only_frame(memoryview((only_head(0) + bytes(16))[:length]), frame_length=5)


def test_the_largest_frame_has_a_head() -> None:
    assert len(only_head(FRAME_BYTES_MAX)) == ONLY_HEAD_BYTES
