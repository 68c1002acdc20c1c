"""Whether there is time, before and while."""

import pytest

from envelope.errors import LimitExceeded
from envelope.limits import OBJECT_BYTES_PER_SECOND, OBJECT_RESERVE_SECONDS, OBJECT_START_SECONDS
from envelope.objects.time_left import TimeLeft

FIXED = OBJECT_START_SECONDS + OBJECT_RESERVE_SECONDS


@pytest.mark.parametrize("length", [0, 1, 6 * 1024**3])
def test_exactly_the_time_that_is_needed_is_enough(length: int) -> None:
    needed = FIXED + length / OBJECT_BYTES_PER_SECOND
    TimeLeft(lambda: needed).demand_for(length)
    assert not TimeLeft(lambda: needed - 0.001).is_enough_for(length)


def test_refuses_with_numbers() -> None:
    with pytest.raises(LimitExceeded, match="at most the 20 s that are left, got 112 s for 1000 bytes"):
        TimeLeft(lambda: 20.4, bytes_per_second=10).demand_for(1000)


def test_the_last_seconds_are_for_taking_back() -> None:
    TimeLeft(lambda: OBJECT_RESERVE_SECONDS + 0.001).demand_more()
    with pytest.raises(LimitExceeded):
        TimeLeft(lambda: OBJECT_RESERVE_SECONDS).demand_more()


def test_where_nobody_waits_there_is_always_time() -> None:
    TimeLeft(lambda: float("inf")).demand_for(10**15)
