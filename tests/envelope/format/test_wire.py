import pytest
from hypothesis import given
from hypothesis import strategies as st

from envelope.errors import MalformedMessage
from envelope.format.wire import Reader, Writer


@given(st.binary(max_size=300), st.integers(0, 2**32 - 1))
def test_what_was_written_is_read(data: bytes, number: int) -> None:
    reader = Reader(Writer().number(4, number).sized(2, data).put(b"end").value)

    assert reader.number(4, field="number") == number
    assert reader.sized(2, field="data") == data
    assert reader.take(3, field="end") == b"end"
    reader.finish(field="everything")


@pytest.mark.parametrize("length", [0, 1, 2, 5])
def test_refuses_to_read_past_the_end(length: int) -> None:
    whole = Writer().sized(2, b"four").value

    with pytest.raises(MalformedMessage, match=r"must be \d bytes at offset \d, got \d"):
        Reader(whole[:length]).sized(2, field="field")


def test_refuses_a_huge_length_before_it_takes_anything() -> None:
    reader = Reader(b"\xff\xff\xff\xffdata")

    with pytest.raises(MalformedMessage, match=r"^field must be 4294967295 bytes at offset 4, got 4$"):
        reader.sized(4, field="field")
    assert reader.position == 4


def test_refuses_what_is_left_over() -> None:
    reader = Reader(b"ab")
    reader.take(1, field="a")

    with pytest.raises(MalformedMessage, match=r"^thing must end at offset 1, got 1 more bytes$"):
        reader.finish(field="thing")


def test_refuses_to_write_a_number_that_does_not_fit() -> None:
    with pytest.raises(OverflowError):
        Writer().number(2, 2**16)
