from typing import Any

import pytest

from envelope.keys.cache_limits import CacheCounts, CacheLimits


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        ({"max_age_seconds": 0}, "max_age_seconds must be more than 0 and at most 3600, got 0$"),
        ({"max_age_seconds": -1}, "got -1$"),
        ({"max_age_seconds": 3601}, "got 3601$"),
        ({"max_age_seconds": float("nan")}, "got nan$"),
        ({"max_age_seconds": float("inf")}, "got inf$"),
        ({"max_age_seconds": True}, "got True$"),
        ({"max_age_seconds": None}, "got None$"),
        ({"max_age_seconds": "300"}, "got '300'$"),
        ({"max_messages": 0}, "max_messages must be a whole number from 1 to 4294967296, got 0$"),
        ({"max_messages": 2**32 + 1}, "got 4294967297$"),
        ({"max_messages": 1.5}, "got 1.5$"),
        ({"max_bytes": 0}, "max_bytes must be a whole number from 1 to 9223372036854775807, got 0$"),
        ({"max_bytes": 2**63}, "got 9223372036854775808$"),
        ({"capacity": 0}, "capacity must be a whole number from 1 to 10000, got 0$"),
        ({"capacity": True}, "got True$"),
        ({"capacity": 10001}, "got 10001$"),
    ],
)
def test_refuses_a_limit_out_of_its_range(limit: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        CacheLimits(**limit)


def test_without_choices_a_data_key_lives_for_five_minutes() -> None:
    assert CacheLimits() == CacheLimits(max_age_seconds=300, max_messages=2**32, max_bytes=2**63 - 1, capacity=100)


def test_a_cache_is_defeated_when_most_of_many_messages_miss_it() -> None:
    assert CacheCounts(hits=4, misses=6).is_defeated
    assert CacheCounts(hits=4, misses=3, bypasses=3).is_defeated
    assert not CacheCounts(hits=5, misses=5).is_defeated
    assert not CacheCounts(hits=3, misses=6).is_defeated
    assert CacheCounts(hits=1, misses=3, bypasses=2).keyring_calls == 5
