"""How long KMS is asked again: settings for its clients, and a stop before an invocation runs out of time."""

from collections.abc import Callable
from typing import Any, Final

from botocore.client import BaseClient
from botocore.config import Config

from envelope.retry_stop import FailedAttempt, stop_retries

_CONNECT_SECONDS: Final = 1
_READ_SECONDS: Final = 3
ATTEMPT_SECONDS_MAX: Final = _CONNECT_SECONDS + _READ_SECONDS
"""How long KMS can keep a client waiting that asks once. Looking its name up is not in that."""

_ANSWER_SECONDS: Final = 1
_TURN_SECONDS: Final = 2  # the adaptive mode never slows a client down below one call in two seconds
_ATTEMPTS_MAX: Final = 6
_SHARE_OF_ONE_CALL: Final = 0.5
_DEADLINE: Final = "envelope_retry_until"


def kms_config() -> Config:
    """Give the settings for a KMS client.

    KMS answers in milliseconds, so that timeouts are short; botocore's defaults (60 seconds, twice) outlast every
    caller. Throttling is met with the adaptive mode: after the first throttled call the client itself slows down,
    and all calls through it share that rate. There are up to six attempts with growing pauses, half a minute and
    more at worst: more than many invocations have left, so a `RetryWindow` must cut that short.

    Returns:
        The configuration, to be given to `create_client`.

    Examples:
        >>> kms_config().retries
        {'mode': 'adaptive', 'total_max_attempts': 6}
    """
    return Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"mode": "adaptive", "total_max_attempts": _ATTEMPTS_MAX},
    )


class RetryWindow:
    """Stops the retries of a KMS client in time to say so.

    A function that is killed at its timeout tells its caller nothing. So a retry is made only if half of the time
    that was left when the call began will still be left when it starts: then a keyring that gets no answer from one
    Region can still ask another. And it must end a second before the time is over, so that the function can say that
    KMS was not available. A first attempt is always made.

    The pause before a retry is random, up to twice as long each time; the longest one counts.
    """

    def __init__(self, seconds_left: Callable[[], float]) -> None:
        """Say where the time comes from.

        Args:
            seconds_left: How much of it is left, for the invocation that is running now. In Lambda that is
                `context.get_remaining_time_in_millis() / 1000`, of the context of that invocation.
        """
        self._seconds_left = seconds_left

    def watch(self, client: BaseClient) -> None:
        """Stop the retries of this client from now on.

        Args:
            client: A client with the settings of `kms_config`.
        """
        client.meta.events.register("before-call.kms", self._begin)
        stop_retries(client, self._may_retry)

    def _begin(self, *, context: dict[str, Any], **_: object) -> None:
        context[_DEADLINE] = self._seconds_left() * (1 - _SHARE_OF_ONE_CALL)

    def _may_retry(self, failed: FailedAttempt) -> bool:
        left_at_retry: float = self._seconds_left() - 2 ** (failed.number - 1) - _TURN_SECONDS
        left_after_it = left_at_retry - ATTEMPT_SECONDS_MAX
        deadline: float = failed.context.get(_DEADLINE, 0)
        return left_at_retry >= deadline and left_after_it >= _ANSWER_SECONDS
