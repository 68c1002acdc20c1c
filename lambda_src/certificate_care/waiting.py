"""How long a function may wait, and how it waits: never as long as Lambda lets it run, so that it can still answer."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, Self, TypeVar

from certificate_care.errors import AccessDenied, Unavailable

SECONDS_TO_ANSWER: Final = 60.0
"""What is kept to clean up and to tell CloudFormation, of a function that runs for minutes."""

LONGEST_SECONDS: Final = 13 * 60.0
_SHARE_TO_ANSWER: Final = 0.25
_SECONDS_UNTIL_ALLOWED: Final = 60.0
_SECONDS_BETWEEN: Final = 5.0

_T = TypeVar("_T")


class TellsTimeLeft(Protocol):
    """The context object of Lambda."""

    def get_remaining_time_in_millis(self) -> int:
        """Say how long the handler may still run."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Waits until a certain moment at most.

    Attributes:
        until: That moment, by the clock.
        clock: Seconds, from any beginning.
        sleep: Waits for so many seconds.
    """

    until: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep

    @classmethod
    def within(
        cls,
        lambda_context: TellsTimeLeft,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> Self:
        """Keep enough of the time that Lambda gives: a minute, or a quarter where there is less than four.

        Args:
            lambda_context: Says how much that is.
            clock: Seconds, from any beginning.
            sleep: Waits for so many seconds.
        """
        left = lambda_context.get_remaining_time_in_millis() / 1000
        usable = min(left - min(SECONDS_TO_ANSWER, left * _SHARE_TO_ANSWER), LONGEST_SECONDS)
        return cls(clock() + usable, clock, sleep)

    @property
    def seconds_left(self) -> float:
        """How long it may still wait; 0 if no longer."""
        return max(0.0, self.until - self.clock())

    def at_most(self, seconds: float) -> Self:
        """Return one that waits as long, but not longer than so many seconds from now.

        Args:
            seconds: How many.
        """
        return type(self)(min(self.until, self.clock() + seconds), self.clock, self.sleep)

    def a_while(self, seconds: float = _SECONDS_BETWEEN) -> bool:
        """Wait for so many seconds if there are as many left.

        Args:
            seconds: How many.

        Returns:
            Whether it waited; if not, there is no time left.
        """
        if self.seconds_left < seconds:
            return False
        if seconds:
            self.sleep(seconds)
        return True

    def until_allowed(self, call: Callable[[], _T]) -> _T:
        """Ask again for a minute while that is denied, or not answered: what a new role may reaches all of AWS later.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency

        Args:
            call: Asks.

        Returns:
            The answer.

        Raises:
            AccessDenied: If it was denied all the time.
            Unavailable: If it was not answered all the time.
        """
        patience = self.at_most(_SECONDS_UNTIL_ALLOWED)
        while True:
            try:
                return call()
            except (AccessDenied, Unavailable):
                if not patience.a_while():
                    raise
