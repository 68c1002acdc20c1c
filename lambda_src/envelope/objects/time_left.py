"""Whether a function has the time for an object: asked before it starts, and again while it works."""

from collections.abc import Callable

from envelope.errors import LimitExceeded
from envelope.limits import OBJECT_BYTES_PER_SECOND, OBJECT_RESERVE_SECONDS, OBJECT_START_SECONDS


class TimeLeft:
    """What is left of an invocation.

    Examples:
        >>> time_left = TimeLeft(lambda: 60.0)
        >>> time_left.seconds_to_work
        50.0
        >>> time_left.demand_for(1024**3)
        >>> TimeLeft(lambda: 30.0).demand_for(1024**3)
        Traceback (most recent call last):
        envelope.errors.LimitExceeded: object must need at most the 30 s that are left, got 44 s for 1073741824 bytes
    """

    def __init__(
        self,
        remaining_seconds: Callable[[], float],
        *,
        bytes_per_second: int = OBJECT_BYTES_PER_SECOND,
        kept_seconds: float = OBJECT_RESERVE_SECONDS,
    ) -> None:
        """Say where the time comes from.

        Args:
            remaining_seconds: Seconds until Lambda stops the function.
            bytes_per_second: How fast objects are assumed to go through. Default: what is assumed of every function.
            kept_seconds: Time that is not for the work. Default: what it takes to take back an upload.
        """
        self._remaining_seconds = remaining_seconds
        self._bytes_per_second = bytes_per_second
        self._kept_seconds = kept_seconds

    @property
    def seconds_to_work(self) -> float:
        """Seconds until the time that is kept; negative when it has come."""
        return self._remaining_seconds() - self._kept_seconds

    def is_enough_for(self, length: int) -> bool:
        """Say whether an object can be finished.

        Args:
            length: Its bytes.

        Returns:
            True if so, at the assumed speed.
        """
        return self._needed_for(length) <= self._remaining_seconds()

    def demand_for(self, length: int) -> None:
        """Refuse to begin with an object that cannot be finished.

        Args:
            length: Its bytes.

        Raises:
            LimitExceeded: If it would take longer than there is time.
        """
        if not self.is_enough_for(length):
            raise LimitExceeded(
                f"object must need at most the {self._remaining_seconds():.0f} s that are left, "
                f"got {self._needed_for(length):.0f} s for {length} bytes"
            )

    def demand_more(self) -> None:
        """Stop in time, so that what was begun can be taken back, and the caller told.

        Raises:
            LimitExceeded: If there is no time left but for that.
        """
        if self.seconds_to_work <= 0:
            raise self.is_up()

    def is_up(self) -> LimitExceeded:
        """Say that the time was not enough.

        Returns:
            The error, to be raised.
        """
        return LimitExceeded(
            f"object must be finished {self._kept_seconds:.0f} s before the function's time is up, "
            "got no further in that time"
        )

    def _needed_for(self, length: int) -> float:
        return OBJECT_START_SECONDS + length / self._bytes_per_second + self._kept_seconds
