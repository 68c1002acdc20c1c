from typing import Any

import pytest

from envelope.keys.cache_limits import CacheLimits
from envelope.keys.kept_secrets import KeptSecret, KeptSecrets
from envelope.keys.keyring import DataKey

KEY, WIPED = bytearray(b"k" * 32), bytearray(32)


class Shelf:
    """Kept secrets, and two clocks."""

    def __init__(self, **limits: Any) -> None:
        self.times = [0.0, 1e9]
        clocks = (lambda: self.times[0], lambda: self.times[1])
        self.kept = KeptSecrets(CacheLimits(**limits), clocks=clocks)

    def put(self, key: str, *, plaintext_bytes: int | None = 1) -> DataKey:
        data_key = DataKey(KEY)
        self.kept.keep(key, KeptSecret(data_key, until=self.kept.times_up(), plaintext_bytes=plaintext_bytes))
        return data_key

    def uses(self, key: str, *, plaintext_bytes: int | None = 1) -> int:
        """How often the secret can be used, up to ten times."""
        return sum(self.kept.usable(key, plaintext_bytes) is not None for _ in range(10))


def test_nothing_is_found_where_nothing_was_put() -> None:
    shelf = Shelf()
    shelf.put("one")

    assert shelf.kept.usable("other", 1) is None
    assert shelf.kept.at("other") is None


@pytest.mark.parametrize("clock", [0, 1])
def test_a_secret_is_over_when_one_clock_says_so(clock: int) -> None:
    shelf = Shelf(max_age_seconds=60)
    shelf.put("key")
    shelf.times[clock] += 59
    assert shelf.uses("key") == 10

    shelf.times[clock] += 1
    shelf.times[1 - clock] -= 100
    assert shelf.uses("key") == 0


def test_the_use_that_a_secret_was_made_for_counts() -> None:
    shelf = Shelf(max_messages=3, max_bytes=5)
    shelf.put("messages", plaintext_bytes=0)
    shelf.put("bytes", plaintext_bytes=4)
    shelf.put("neither", plaintext_bytes=None)

    assert shelf.uses("messages", plaintext_bytes=0) == 2
    assert shelf.uses("bytes", plaintext_bytes=1) == 1
    assert shelf.uses("neither", plaintext_bytes=None) == 10


@pytest.mark.parametrize(
    ("lengths", "uses"), [([], 0), ([1, 1], 2), ([1, 1, 1], 2), ([4, 1], 1), ([5], 0), ([5, 1], 0), ([3, 0, 0], 2)]
)
def test_further_uses_are_counted_as_far_as_they_are_within_the_limits(lengths: list[int], uses: int) -> None:
    shelf = Shelf(max_messages=3, max_bytes=5)
    shelf.put("key", plaintext_bytes=1)
    kept = shelf.kept.at("key")
    assert kept is not None

    assert shelf.kept.use_more(kept, lengths) == uses
    assert (kept.messages, kept.plaintext_bytes) == (1 + uses, 1 + sum(lengths[:uses]))


def test_the_secret_that_was_not_used_for_longest_makes_room() -> None:
    shelf = Shelf(capacity=2)
    first, second = shelf.put("first"), shelf.put("second")
    shelf.kept.usable("first", 1)
    shelf.put("third")

    assert (len(shelf.kept), shelf.kept.evictions) == (2, 1)
    assert (first._secret, second._secret) == (KEY, WIPED)
    assert shelf.kept.at("second") is None


def test_secrets_that_are_over_go_before_others_have_to() -> None:
    shelf = Shelf(capacity=2, max_age_seconds=60)
    shelf.put("old")
    shelf.times[0] += 30
    old = shelf.kept.at("old")
    younger = shelf.put("younger")
    shelf.times[0] += 30
    shelf.kept.usable("old", 1)
    shelf.put("new")

    assert old is not None
    assert old.secret._secret == WIPED
    assert younger.secret == KEY
    assert shelf.kept.evictions == 0


def test_what_is_replaced_or_cleared_is_overwritten() -> None:
    shelf = Shelf()
    first, second = shelf.put("key"), shelf.put("key")
    assert (first._secret, second._secret) == (WIPED, KEY)

    shelf.kept.clear()
    assert (second._secret, len(shelf.kept)) == (WIPED, 0)
