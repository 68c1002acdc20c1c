import pytest
from hypothesis import given
from hypothesis import strategies as st

from envelope.errors import InvalidRequest
from envelope.streams.plaintext_range import PlaintextRange

PLAINTEXT = bytes(range(20))


@given(st.integers(-25, 25), st.none() | st.integers(0, 30), st.integers(0, 20))
def test_means_what_a_slice_means(first: int, last: int | None, length: int) -> None:
    if last is not None and (first < 0 or last < first):
        return
    plaintext = PLAINTEXT[:length]
    wanted = plaintext[max(first, -length) :] if first < 0 and length else plaintext[max(first, 0) :]

    found = PlaintextRange.of(first, last, length=length)

    assert plaintext[found.start : found.stop] == (wanted if last is None else plaintext[first : last + 1])
    assert found.needs_end is (last is None or last >= length)


@pytest.mark.parametrize(("first", "last"), [(5, 4), (1, -1), (0, -20)])
def test_refuses_an_end_before_the_beginning(first: int, last: int) -> None:
    with pytest.raises(InvalidRequest, match=f"at or behind its first byte {first}, got {last}"):
        PlaintextRange.of(first, last, length=10)


def test_refuses_a_last_byte_with_a_beginning_that_counts_from_the_end() -> None:
    with pytest.raises(InvalidRequest, match="range from the end must have no last byte, got 5"):
        PlaintextRange.of(-3, 5, length=10)
