"""Secrets that are kept for a time and so many uses, and overwritten when they are given up. It knows no threads."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from itertools import accumulate
from typing import Any, Generic, Protocol, Self, TypeVar

from envelope.keys.cache_limits import CacheLimits


class Secret(Protocol):
    """A data key, or something with one inside."""

    def copied(self) -> Self:
        """Give a copy that can be overwritten for itself."""
        ...

    def __exit__(self, *_: object) -> None:
        """Overwrite the secret."""
        ...


S = TypeVar("S", bound=Secret)


class KeptSecret(Generic[S]):
    """A secret, when its time is up by each clock, and what it was used for.

    Attributes:
        secret: What is kept.
        until: When its time is up.
        messages: How many messages were written with it.
        plaintext_bytes: How much was encrypted with it.
    """

    __slots__ = ("messages", "plaintext_bytes", "secret", "until")

    def __init__(self, secret: S, *, until: tuple[float, ...], plaintext_bytes: int | None) -> None:
        """Begin with the first use.

        Args:
            secret: What is kept.
            until: When its time is up.
            plaintext_bytes: How much the message encrypts for which it was made. None: nothing is encrypted.
        """
        self.secret = secret
        self.until = until
        self.messages = 1
        self.plaintext_bytes = plaintext_bytes or 0


class KeptSecrets:
    """Secrets by what they are for. The one that was not used for longest makes room for a new one.

    Attributes:
        evictions: How many were given up to make room, before their time.
    """

    def __init__(self, limits: CacheLimits, *, clocks: Sequence[Callable[[], float]]) -> None:
        """Keep nothing yet.

        Args:
            limits: When a secret is given up.
            clocks: Seconds, each clock from any beginning; the one that runs fastest counts.
        """
        self.evictions = 0
        self._limits = limits
        self._clocks = tuple(clocks)
        self._kept: OrderedDict[Hashable, KeptSecret[Any]] = OrderedDict()

    def __len__(self) -> int:
        """Say how many are kept."""
        return len(self._kept)

    def times_up(self) -> tuple[float, ...]:
        """Say when the time of a secret that is asked for now will be up.

        Returns:
            The time by each clock.
        """
        return tuple(clock() + self._limits.max_age_seconds for clock in self._clocks)

    def usable(self, key: Hashable, plaintext_bytes: int | None) -> KeptSecret[Any] | None:
        """Find a secret that may be used once more, and count that use.

        Args:
            key: What it is for.
            plaintext_bytes: How much will be encrypted. None: nothing, and then only its age counts.

        Returns:
            What is kept; None if it is not there, too old or used up.
        """
        kept = self._kept.get(key)
        if kept is None or self._is_over(kept):
            return None
        if plaintext_bytes is not None:
            if kept.messages >= self._limits.max_messages:
                return None
            if kept.plaintext_bytes + plaintext_bytes > self._limits.max_bytes:
                return None
            kept.messages += 1
            kept.plaintext_bytes += plaintext_bytes
        self._kept.move_to_end(key)
        return kept

    def at(self, key: Hashable) -> KeptSecret[Any] | None:
        """Look at what is kept, usable or not.

        Args:
            key: What it is for.

        Returns:
            What is kept, if anything is.
        """
        return self._kept.get(key)

    def use_more(self, kept: KeptSecret[Any], plaintext_bytes: Sequence[int]) -> int:
        """Count further uses of a secret that was just found or put in.

        Args:
            kept: What is kept.
            plaintext_bytes: How much will be encrypted each time.

        Returns:
            How many of these uses, from the first one on, are within the limits.
        """
        lengths = plaintext_bytes[: self._limits.max_messages - kept.messages]
        room = self._limits.max_bytes - kept.plaintext_bytes
        uses = sum(1 for total in accumulate(lengths) if total <= room)
        kept.messages += uses
        kept.plaintext_bytes += sum(lengths[:uses])
        return uses

    def keep(self, key: Hashable, kept: KeptSecret[Any]) -> None:
        """Put a new secret in, and overwrite what is in its place, too old, or one too many.

        Args:
            key: What it is for.
            kept: The secret.
        """
        for other in [other for other, each in self._kept.items() if other == key or self._is_over(each)]:
            self._give_up(other)
        while len(self._kept) >= self._limits.capacity:
            self.evictions += 1
            self._give_up(next(iter(self._kept)))
        self._kept[key] = kept

    def clear(self) -> None:
        """Give up every secret."""
        for key in list(self._kept):
            self._give_up(key)

    def _is_over(self, kept: KeptSecret[Any]) -> bool:
        for clock, until in zip(self._clocks, kept.until, strict=True):  # noqa: SIM110  # twice as fast as any()
            if clock() >= until:
                return True
        return False

    def _give_up(self, key: Hashable) -> None:
        self._kept.pop(key).secret.__exit__()
