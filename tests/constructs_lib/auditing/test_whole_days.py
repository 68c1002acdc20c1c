"""Durations for S3."""

import aws_cdk as cdk
import pytest

from constructs_lib.auditing.whole_days import whole_days
from constructs_lib.errors import ConfigurationError


@pytest.mark.parametrize(
    ("given", "days"),
    [(cdk.Duration.days(1), 1), (cdk.Duration.hours(72), 3), (cdk.Duration.days(36_500), 36_500)],
    ids=["a day", "hours", "a century"],
)
def test_whole_days_are_counted(given: cdk.Duration, days: int) -> None:
    assert whole_days("kept_for", given) == days


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (cdk.Duration.days(0), "must be 1 to 36500 whole days, got "),
        (cdk.Duration.days(36_501), "must be 1 to 36500 whole days, got 36501 days"),
        (cdk.Duration.minutes(1441), "must be 1 to 36500 whole days, got 1 day 1 minute"),
        (cdk.Duration.days(cdk.Token.as_number(cdk.Fn.ref("Days"))), "must be a literal duration, got a token"),
        ("1 day", "must be a cdk.Duration, got '1 day'"),
    ],
    ids=["nothing", "too long", "a part of a day", "a token", "a text"],
)
def test_refuses_what_s3_does_not_count(given: cdk.Duration, said: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        whole_days("kept_for", given)

    assert str(raised.value).startswith(f"kept_for {said}")
