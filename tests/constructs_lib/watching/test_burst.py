"""Burst: what an alarm can count."""

from typing import Any

import aws_cdk as cdk
import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.watching.burst import Burst


def test_ten_within_five_minutes_are_a_burst() -> None:
    burst = Burst()

    assert (burst.refusals, burst.minutes) == (10, 5)


@pytest.mark.parametrize("given", [0, -1, "3", True, None])
def test_refuses_what_is_no_number_of_refusals(given: Any) -> None:
    with pytest.raises(ConfigurationError, match=rf"^refusals must be a whole number from 1, got {given!r}$"):
        Burst(refusals=given)


@pytest.mark.parametrize(
    ("given", "spoken"),
    [
        (cdk.Duration.minutes(0), "0 (minutes|seconds)"),
        (cdk.Duration.minutes(1441), "1 day 1 minute"),
        (cdk.Duration.seconds(90), "1 minute 30 seconds"),
    ],
)
def test_refuses_what_no_alarm_can_wait_for(given: cdk.Duration, spoken: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"^within must be 1 to 1440 whole minutes, got {spoken}$"):
        Burst(within=given)


@pytest.mark.parametrize("given", [5, None, "PT5M"])
def test_refuses_what_is_no_duration(given: Any) -> None:
    with pytest.raises(ConfigurationError, match=rf"^within must be a Duration that is known now, got {given!r}$"):
        Burst(within=given)


@pytest.mark.parametrize(("given", "minutes"), [(cdk.Duration.seconds(60), 1), (cdk.Duration.days(1), 1440)])
def test_an_alarm_can_wait_for_a_minute_and_for_a_day(given: cdk.Duration, minutes: int) -> None:
    assert Burst(within=given).minutes == minutes
