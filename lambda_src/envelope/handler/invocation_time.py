"""How much time the invocation has left that is running now."""

from math import inf
from typing import Any


class InvocationTime:
    """The time of a process that serves one invocation after the other, one at a time as Lambda promises.

    Examples:
        >>> time = InvocationTime()
        >>> time.begin(None)
        >>> time.seconds_left()
        inf
    """

    def __init__(self) -> None:
        """Begin without a limit."""
        self._context: Any = None

    def begin(self, lambda_context: object) -> None:
        """Begin an invocation.

        Args:
            lambda_context: The context object of Lambda; None where nobody waits.
        """
        self._context = lambda_context

    def seconds_left(self) -> float:
        """Say when Lambda will stop the function.

        Returns:
            Seconds until then; infinite where nobody waits.
        """
        if self._context is None:
            return inf
        milliseconds: int = self._context.get_remaining_time_in_millis()
        return milliseconds / 1000
