"""Limits of cached data keys."""

import json
from typing import Any

import aws_cdk as cdk
import pytest

from constructs_lib.enveloping.data_key_limits import DataKeyLimits
from constructs_lib.errors import ConfigurationError
from envelope.keys.cache_limits import CacheLimits


@pytest.mark.parametrize(
    "limits",
    [
        DataKeyLimits(),
        DataKeyLimits(max_age=cdk.Duration.hours(1), max_messages=2**32, max_bytes=2**63 - 1),
        DataKeyLimits(max_age=cdk.Duration.seconds(1), max_messages=1, max_bytes=1),
    ],
    ids=["usual", "largest", "smallest"],
)
def test_the_cache_takes_what_can_be_said(limits: DataKeyLimits) -> None:
    read = CacheLimits(**json.loads(limits.environment))

    assert read.max_age_seconds == limits.max_age.to_seconds()
    assert (read.max_messages, read.max_bytes) == (limits.max_messages, limits.max_bytes)


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"max_age": 300}, "max_age must be a Duration of 1 second to 1 hour, got 300"),
        (
            {"max_age": cdk.Duration.minutes(61)},
            "max_age must be a Duration of 1 second to 1 hour, got 1 hour 1 minute",
        ),
        ({"max_age": cdk.Duration.millis(1)}, "max_age must be a Duration of 1 second to 1 hour, got 1 milli"),
        ({"max_messages": 0}, "max_messages must be a whole number from 1 to 4294967296, got 0"),
        ({"max_messages": True}, "max_messages must be a whole number from 1 to 4294967296, got True"),
        ({"max_bytes": 2**63}, f"max_bytes must be a whole number from 1 to {2**63 - 1}, got {2**63}"),
        ({"max_bytes": 1.0}, f"max_bytes must be a whole number from 1 to {2**63 - 1}, got 1.0"),
    ],
)
def test_refuses_limits_that_are_none(limits: Any, message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        DataKeyLimits(**limits)
    assert str(refused.value) == message
