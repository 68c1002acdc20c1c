"""Data keys that are used for more than one message, within limits: few calls of KMS for many small messages."""

import time
from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import Any

from envelope.format.context import EncryptionContext
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import AlgorithmSuite
from envelope.keys.cache_limits import CacheCounts, CacheLimits
from envelope.keys.kept_secrets import KeptSecret, KeptSecrets, S
from envelope.keys.keyring import DataKey, Keyring
from envelope.keys.materials import FreshDataKeys, SealingMaterials
from envelope.keys.single_flight import SingleFlight

_DEFAULT_LIMITS = CacheLimits()


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
        self._kept = KeptSecrets(limits, clocks=clocks)
        self._lock = Lock()
        self._flights = SingleFlight()
        self._hits = self._misses = self._bypasses = 0

    @property
    def counts(self) -> CacheCounts:
        """How often this cache was asked, and what came of it."""
        with self._lock:
            return CacheCounts(
                hits=self._hits, misses=self._misses, bypasses=self._bypasses, evictions=self._kept.evictions
            )

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
            kept = self._kept.at((suite.suite_id, context.encoded))
            # Unless they were not kept, or others have taken their place in between.
            if kept is None or kept.secret.key_section is not materials.key_section:
                return materials, 1
            further = self._kept.use_more(kept, plaintext_bytes[1:])
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
            self._kept.clear()

    def _cached(self, key: Hashable, plaintext_bytes: int | None, make: Callable[[], S]) -> S:
        """Give a copy of what is kept under a key; make it first, if it is not there or used up."""
        copy: S | None = self._copy(key, plaintext_bytes)
        while copy is None:
            made: list[S] = []
            self._flights.do_or_wait(key, lambda: made.append(self._made(key, plaintext_bytes, make)))  # noqa: B023
            copy = made[0] if made else self._copy(key, plaintext_bytes)
        return copy

    def _copy(self, key: Hashable, plaintext_bytes: int | None) -> Any:  # noqa: ANN401  # whatever the key stands for
        # Under the lock: what was overwritten is no longer there to be copied.
        with self._lock:
            kept = self._kept.usable(key, plaintext_bytes)
            if kept is None:
                return None
            self._hits += 1
            return kept.secret.copied()

    def _made(self, key: Hashable, plaintext_bytes: int | None, make: Callable[[], S]) -> S:
        # The thread that worked before this one may have come to its end in between.
        copy: S | None = self._copy(key, plaintext_bytes)
        if copy is not None:
            return copy
        with self._lock:
            self._misses += 1
        until = self._kept.times_up()  # before the call of KMS
        new = KeptSecret(make(), until=until, plaintext_bytes=plaintext_bytes)
        with self._lock:
            self._kept.keep(key, new)
            return new.secret.copied()

    def _count_bypass(self) -> None:
        with self._lock:
            self._bypasses += 1
