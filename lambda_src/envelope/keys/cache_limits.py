"""How long and how often a data key may be used again, and how often it was."""

from dataclasses import dataclass
from typing import Final

from envelope.limits import CACHE_BYTES_MAX, CACHE_MESSAGES_MAX, CACHE_SECONDS_MAX, CACHED_DATA_KEYS_MAX

_ENOUGH_TO_JUDGE: Final = 10


@dataclass(frozen=True, slots=True)
class CacheLimits:
    """When a cached data key is given up. Whichever limit comes first counts.

    Attributes:
        max_age_seconds: How old a data key may be. It is also how long a permission that was taken away still
            works for what is cached. Default: five minutes; at most an hour.
        max_messages: How many messages are written with one data key. Default: as many as the specification
            allows (caching CMM, "Limits").
        max_bytes: How much plaintext is written with one data key. Default: as much as the specification allows.
        capacity: How many data keys are kept, of different encryption contexts or from different messages; beyond
            that the one that was not used for longest is given up. Default: 100.

    Examples:
        >>> CacheLimits(max_age_seconds=60).max_age_seconds
        60
        >>> CacheLimits(max_age_seconds=0)
        Traceback (most recent call last):
        ValueError: max_age_seconds must be more than 0 and at most 3600, got 0
    """

    max_age_seconds: float = 300
    max_messages: int = CACHE_MESSAGES_MAX
    max_bytes: int = CACHE_BYTES_MAX
    capacity: int = 100

    def __post_init__(self) -> None:
        """Check the limits, which often come from a configuration.

        Raises:
            ValueError: If one of them is no number, or out of its range.
        """
        age: object = self.max_age_seconds
        if isinstance(age, bool) or not isinstance(age, int | float) or not 0 < age <= CACHE_SECONDS_MAX:
            raise ValueError(f"max_age_seconds must be more than 0 and at most {CACHE_SECONDS_MAX}, got {age!r}")
        for name, most in (
            ("max_messages", CACHE_MESSAGES_MAX),
            ("max_bytes", CACHE_BYTES_MAX),
            ("capacity", CACHED_DATA_KEYS_MAX),
        ):
            value: object = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
                raise ValueError(f"{name} must be a whole number from 1 to {most}, got {value!r}")


@dataclass(frozen=True, slots=True)
class CacheCounts:
    """How often a cache was asked, and what came of it.

    Attributes:
        hits: Messages whose data key was there.
        misses: Messages whose data key was not there, or no longer: each is a call of KMS, or more with several
            keys.
        bypasses: Messages that the cache does not serve, each a call of KMS too: their length was not known, or
            their suite derives no key.
        evictions: Data keys that were given up to make room, before their time.
    """

    hits: int = 0
    misses: int = 0
    bypasses: int = 0
    evictions: int = 0

    def since(self, earlier: "CacheCounts") -> "CacheCounts":
        """Say what happened between two moments.

        Args:
            earlier: The counts of the first moment.

        Returns:
            The differences.

        Examples:
            >>> CacheCounts(hits=5, misses=2).since(CacheCounts(hits=4))
            CacheCounts(hits=1, misses=2, bypasses=0, evictions=0)
        """
        return CacheCounts(
            hits=self.hits - earlier.hits,
            misses=self.misses - earlier.misses,
            bypasses=self.bypasses - earlier.bypasses,
            evictions=self.evictions - earlier.evictions,
        )

    @property
    def keyring_calls(self) -> int:
        """How often the keyring was asked."""
        return self.misses + self.bypasses

    @property
    def is_defeated(self) -> bool:
        """Whether a cache was of no use to the messages that came: of at least ten, more than half had no data key.

        Almost always the cause is an encryption context for each record. A data key is bound to one context; put
        into it what many records share, and what is of one record alone into the record.
        """
        return self.keyring_calls > self.hits and self.keyring_calls + self.hits >= _ENOUGH_TO_JUDGE
