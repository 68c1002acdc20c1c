"""Burst: what an alarm can count."""

from typing import Any

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.watching.burst import Burst


def test_ten_within_five_minutes_are_a_burst() -> None:
    assert Burst() == Burst(refusals=10, within_minutes=5)


@pytest.mark.parametrize("given", [0, -1, 1.5, "3", True, None])
def test_refuses_what_is_no_number_of_refusals(given: Any) -> None:
    with pytest.raises(ConfigurationError, match=rf"^refusals must be a whole number from 1, got {given!r}$"):
        Burst(refusals=given)


@pytest.mark.parametrize("given", [0, 1441, 1.5, None])
def test_refuses_what_no_alarm_can_wait_for(given: Any) -> None:
    with pytest.raises(
        ConfigurationError, match=rf"^within_minutes must be a whole number from 1 to 1440, got {given!r}$"
    ):
        Burst(within_minutes=given)


@pytest.mark.parametrize("given", [1, 1440])
def test_an_alarm_can_wait_for_a_minute_and_for_a_day(given: int) -> None:
    assert Burst(within_minutes=given).within_minutes == given
