"""How long a queue or a stream is asked again: settings for its client, and a stop before the time is over."""

from collections.abc import Callable
from typing import Final

from botocore.client import BaseClient
from botocore.config import Config

from envelope.records.batch import RESERVE_SECONDS
from envelope.retry_stop import FailedAttempt, stop_retries

_CONNECT_SECONDS: Final = 2
_READ_SECONDS: Final = 4
_ATTEMPTS_MAX: Final = 5

ATTEMPT_SECONDS_MAX: Final = 2 * _CONNECT_SECONDS + _READ_SECONDS
"""How long a sink can keep a client waiting that asks once: to connect, to send, and to hear the answer.

Sending has the time that connecting has, since urllib3 sets that for both. Looking a name up is not in it.
"""


def sink_config() -> Config:
    """Give the settings for a client of SQS or Kinesis.

    botocore's 60 seconds, which it waits twice, outlast most functions. What is said here is tried five times, up to a
    minute in all, so a `SinkRetryWindow` must cut that short.

    Returns:
        The configuration, to be given to `create_client`.

    Examples:
        >>> sink_config().retries
        {'mode': 'standard', 'total_max_attempts': 5}
    """
    return Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS_MAX},
    )


class SinkRetryWindow:
    """Stops the retries of a client of SQS or Kinesis while there is time to say which records were not taken.

    A first attempt is always made. A retry is made only if it will have ended, should the sink say nothing, before the
    time begins that is kept for the answer. The pause before it is random, up to twice as long each time; the longest
    one counts. What was taken while the answer was lost is then there twice, as Lambda may deliver it twice anyway.
    """

    def __init__(self, seconds_left: Callable[[], float]) -> None:
        """Say where the time comes from.

        Args:
            seconds_left: How much of it is left, for the invocation that is running now.
        """
        self._seconds_left = seconds_left

    def watch(self, client: BaseClient) -> None:
        """Stop the retries of this client from now on.

        Args:
            client: A client with the settings of `sink_config`.
        """
        stop_retries(client, self._may_retry)

    def _may_retry(self, failed: FailedAttempt) -> bool:
        longest_pause: int = 2 ** (failed.number - 1)
        return self._seconds_left() - longest_pause - ATTEMPT_SECONDS_MAX >= RESERVE_SECONDS
