"""Data keys that are used for more than one message, within limits: few calls of KMS for many small messages."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from itertools import accumulate
from threading import Lock
from typing import Any, Generic, Protocol, Self, TypeVar

from envelope.cache_limits import CacheCounts, CacheLimits
from envelope.context import EncryptionContext
from envelope.header import UnverifiedHeader
from envelope.keyring import DataKey, Keyring
from envelope.materials import FreshDataKeys, SealingMaterials
from envelope.single_flight import SingleFlight
from envelope.suites import AlgorithmSuite

_DEFAULT_LIMITS = CacheLimits()


class _Secret(Protocol):
    def copied(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


_S = TypeVar("_S", bound=_Secret)


class _Entry(Generic[_S]):
    """What is kept, when its time is up by each clock, and what it was used for."""

    __slots__ = ("messages", "plaintext_bytes", "secret", "until")

    def __init__(self, secret: _S, *, until: tuple[float, ...]) -> None:
        self.secret = secret
        self.until = until
        self.messages = 0
        self.plaintext_bytes = 0


class CachedDataKeys:
    """A cache in front of a keyring (caching CMM), for threads too.

    A data key serves messages of one encryption context and one suite. Reading, it serves messages with the same
    encrypted data keys and the same context; there only age counts, since it is the writer who limits use. Messages
    of a signed suite share the signing key as they share the data key: their context, which KMS binds the data key
    to, holds its public half.

    What that costs: while a data key is here, KMS is not asked, logs nothing and refuses nothing. A permission
    that was taken away works on until the data key is `max_age_seconds` old. The age counts from before the call of
    KMS, by two clocks, of which the faster one holds: a monotonic clock can stand still while Lambda has frozen the
    process, the clock on the wall can be set.

    Data keys are overwritten when they are given up, which is when the next message is asked for after their time:
    a process that waits or is frozen keeps what it has. Each message gets a copy of its own, so none ever sees a key
    that was overwritten.

    When threads miss the same data key at the same moment, one of them asks KMS. Failures are not kept.

    Examples:
        >>> keys = CachedDataKeys(None, limits=CacheLimits(max_age_seconds=60))
        >>> keys.counts
        CacheCounts(hits=0, misses=0, bypasses=0, evictions=0)
    """

    def __init__(
        self,
        keyring: Keyring,
        *,
        limits: CacheLimits = _DEFAULT_LIMITS,
        clocks: Sequence[Callable[[], float]] = (time.monotonic, time.time),
    ) -> None:
        """Name the keyring and the limits.

        Args:
            keyring: Where data keys come from. Two keyrings never share a cache.
            limits: When a data key is given up. Default: after five minutes.
            clocks: Seconds, each clock from any beginning. Default: a monotonic one and that on the wall.
        """
        self._fresh = FreshDataKeys(keyring)
        self._limits = limits
        self._clocks = tuple(clocks)
        self._entries: OrderedDict[Hashable, _Entry[Any]] = OrderedDict()
        self._lock = Lock()
        self._flights = SingleFlight()
        self._hits = self._misses = self._bypasses = self._evictions = 0

    @property
    def counts(self) -> CacheCounts:
        """How often this cache was asked, and what came of it."""
        with self._lock:
            return CacheCounts(hits=self._hits, misses=self._misses, bypasses=self._bypasses, evictions=self._evictions)

    def __repr__(self) -> str:
        """Say the limits and the counts."""
        return f"{type(self).__name__}({self._limits}, {self.counts})"

    def to_seal(
        self, context: EncryptionContext, *, suite: AlgorithmSuite, plaintext_bytes: int | None
    ) -> SealingMaterials:
        """Give what a message is written with, and count the message.

        Args:
            context: What the message is bound to.
            suite: How to encrypt.
            plaintext_bytes: How much will be encrypted. If that is not known, or more than one data key may encrypt,
                the message gets a data key of its own.

        Returns:
            The materials, to be used in a `with` block.

        Raises:
            EnvelopeError: What the keyring raises.
        """
        if plaintext_bytes is None or plaintext_bytes > self._limits.max_bytes or suite.hash_name is None:
            self._count_bypass()
            return self._fresh.to_seal(context, suite=suite, plaintext_bytes=plaintext_bytes)
        key = (suite.suite_id, context.encoded)
        return self._cached(
            key, plaintext_bytes, lambda: self._fresh.to_seal(context, suite=suite, plaintext_bytes=plaintext_bytes)
        )

    def to_seal_several(
        self, context: EncryptionContext, *, suite: AlgorithmSuite, plaintext_bytes: Sequence[int]
    ) -> tuple[SealingMaterials, int]:
        """Give what as many messages as possible are written with, and count them.

        Args:
            context: What the messages are bound to.
            suite: How to encrypt.
            plaintext_bytes: How much will be encrypted into each message; at least one message.

        Returns:
            The materials, to be used in a `with` block, and how many messages from the first one on they are for.

        Raises:
            EnvelopeError: What the keyring raises.
        """
        materials = self.to_seal(context, suite=suite, plaintext_bytes=plaintext_bytes[0])
        with self._lock:
            entry = self._entries.get((suite.suite_id, context.encoded))
            # Unless they were not kept, or another thread has used them up in between.
            if entry is None or entry.secret.key_section is not materials.key_section:
                return materials, 1
            further = self._fitting(entry, plaintext_bytes[1:])
            entry.messages += further
            entry.plaintext_bytes += sum(plaintext_bytes[1 : 1 + further])
            self._hits += further
            return materials, 1 + further

    def to_open(self, claimed: UnverifiedHeader, context: EncryptionContext) -> DataKey:
        """Give the data key of a message.

        Args:
            claimed: The header as it came.
            context: Everything that the message must be bound to.

        Returns:
            The data key, to be used in a `with` block.

        Raises:
            EnvelopeError: What the keyring raises.
        """
        if claimed.suite.hash_name is None:
            self._count_bypass()
            return self._fresh.to_open(claimed, context)
        key = (claimed.suite.suite_id, claimed.key_section, context.encoded)
        return self._cached(key, None, lambda: self._fresh.to_open(claimed, context))

    def clear(self) -> None:
        """Give up every data key, and overwrite it."""
        with self._lock:
            while self._entries:
                self._give_up(next(iter(self._entries)))

    def _cached(self, key: Hashable, plaintext_bytes: int | None, make: Callable[[], _S]) -> _S:
        """Give a copy of what is kept under a key; make it first, if it is not there or used up."""
        # Every copy is made under the lock: what was overwritten is no longer there to be copied.
        with self._lock:
            entry = self._usable(key, plaintext_bytes)
            if entry is not None:
                self._hits += 1
                return entry.secret.copied()
        made: list[_S] = []
        while not made:
            self._flights.do_or_wait(key, lambda: made.append(self._made(key, plaintext_bytes, make)))
            if made:
                break
            with self._lock:
                entry = self._usable(key, plaintext_bytes)
                if entry is not None:
                    self._hits += 1
                    made.append(entry.secret.copied())
        return made[0]

    def _made(self, key: Hashable, plaintext_bytes: int | None, make: Callable[[], _S]) -> _S:
        with self._lock:
            # The thread that worked before this one may have come to its end in between.
            entry = self._usable(key, plaintext_bytes)
            if entry is not None:
                self._hits += 1
                return entry.secret.copied()
            self._misses += 1
        until = tuple(clock() + self._limits.max_age_seconds for clock in self._clocks)
        new: _Entry[_S] = _Entry(make(), until=until)
        with self._lock:
            self._keep(key, new)
            new.messages, new.plaintext_bytes = 1, plaintext_bytes or 0
            return new.secret.copied()

    def _usable(self, key: Hashable, plaintext_bytes: int | None) -> _Entry[Any] | None:
        """Find what is kept under a key, if it may be used once more, and count that use. Needs the lock."""
        entry = self._entries.get(key)
        if entry is None or self._is_over(entry):
            return None
        if plaintext_bytes is not None:
            if entry.messages >= self._limits.max_messages:
                return None
            if entry.plaintext_bytes + plaintext_bytes > self._limits.max_bytes:
                return None
            entry.messages += 1
            entry.plaintext_bytes += plaintext_bytes
        self._entries.move_to_end(key)
        return entry

    def _fitting(self, entry: _Entry[Any], plaintext_bytes: Sequence[int]) -> int:
        """Say for how many messages something that is kept may still be used."""
        messages = plaintext_bytes[: self._limits.max_messages - entry.messages]
        room = self._limits.max_bytes - entry.plaintext_bytes
        if sum(messages) <= room:
            return len(messages)
        return sum(1 for total in accumulate(messages) if total <= room)

    def _is_over(self, entry: _Entry[Any]) -> bool:
        for clock, until in zip(self._clocks, entry.until, strict=True):  # noqa: SIM110  # twice as fast as any()
            if clock() >= until:
                return True
        return False

    def _keep(self, key: Hashable, entry: _Entry[Any]) -> None:
        """Put something new in, in the place of what is over or in the way. Needs the lock."""
        for other in [other for other, kept in self._entries.items() if other == key or self._is_over(kept)]:
            self._give_up(other)
        while len(self._entries) >= self._limits.capacity:
            self._evictions += 1
            self._give_up(next(iter(self._entries)))
        self._entries[key] = entry

    def _give_up(self, key: Hashable) -> None:
        self._entries.pop(key).secret.__exit__()

    def _count_bypass(self) -> None:
        with self._lock:
            self._bypasses += 1
