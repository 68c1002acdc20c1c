import pytest
from hypothesis import given
from hypothesis import strategies as st

from envelope.errors import MalformedMessage
from envelope.format.body_layout import BodyLayout
from envelope.format.frames import body_length


@given(st.integers(0, 2**40), st.integers(1, 2**31 - 1), st.integers(100, 1000))
def test_finds_the_frames_that_a_message_of_that_length_has(length: int, frame_length: int, header: int) -> None:
    if length // frame_length >= 2**32 - 1:
        return
    end = header + body_length(length, frame_length=frame_length)

    layout = BodyLayout.of(end, header_length=header, frame_length=frame_length)

    assert layout.plaintext_bytes == length
    assert layout.bytes_of(0, layout.regular) == (header, end - 1)
    assert layout.bytes_of(layout.regular, layout.regular) == (header + layout.regular * layout.stride, end - 1)


def test_frames_lie_side_by_side() -> None:
    layout = BodyLayout.of(300, header_length=100, frame_length=40)

    assert [layout.bytes_of(place, place) for place in range(3)] == [(100, 171), (172, 243), (244, 299)]


def test_refuses_more_frames_than_sequence_numbers() -> None:
    end = 100 + body_length(2**32 - 1, frame_length=1)

    assert BodyLayout.of(end, header_length=100, frame_length=1).regular == 2**32 - 2
    with pytest.raises(MalformedMessage, match="must be whole frames"):
        BodyLayout.of(end + 33, header_length=100, frame_length=1)


@pytest.mark.parametrize("end", [100, 139, 181, 211])
def test_refuses_a_length_that_no_message_has(end: int) -> None:
    with pytest.raises(MalformedMessage, match=f"must be whole frames, got {end - 100} bytes"):
        BodyLayout.of(end, header_length=100, frame_length=40)
