"""How long S3 is asked again: settings for its client, and a stop before an invocation runs out of time."""

from collections.abc import Callable
from http.client import HTTPException
from typing import Final

from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, HTTPClientError
from urllib3.exceptions import HTTPError

from envelope.limits import OBJECT_RESERVE_SECONDS, OBJECT_STALL_SECONDS
from envelope.retry_stop import FailedAttempt, stop_retries

_CONNECT_SECONDS: Final = 2
_ATTEMPTS_MAX: Final = 5
_ANSWER_SECONDS: Final = 1
_NEVER_SENT: Final = (ConnectTimeoutError, EndpointConnectionError)
_OF_THE_NETWORK: Final = (OSError, HTTPError, HTTPException)
# What is not asked for again if an answer was lost: each CreateMultipartUpload begins another upload, and from a second
# answer to CompleteMultipartUpload nobody would learn that the first one was done.
_ONCE: Final = frozenset({"CreateMultipartUpload", "CompleteMultipartUpload"})
# When one of these has failed, there is an upload to be taken back.
_WITHIN_UPLOAD: Final = frozenset({"UploadPart", "CompleteMultipartUpload"})


def s3_config() -> Config:
    """Give the settings for an S3 client.

    botocore's defaults (60 seconds without a byte, five times) outlast most functions. What is said here is tried five
    times too, up to a minute in all, so an `S3RetryWindow` must cut that short.

    Returns:
        The configuration, to be given to `create_client`.

    Examples:
        >>> s3_config().retries
        {'mode': 'standard', 'total_max_attempts': 5}
    """
    return Config(
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=OBJECT_STALL_SECONDS,
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS_MAX},
    )


class S3RetryWindow:
    """Stops the retries of an S3 client while there is time to take an upload back, and to say what happened.

    A first attempt is always made. A retry is made only if it will have ended a second before the time is over; within
    an upload, before the time begins that is kept to take the upload back. The pause before it is random, up to twice
    as long each time; the longest one counts. Where S3 said nothing it may do so again, until the timeout; where it
    answered with an error, only the pause counts.

    An upload is begun, and its object made, again only if S3 answered or was never reached. Each upload that is begun
    stays until somebody aborts it by the id in the answer, and a lost answer has taken that with it.

    A part whose content failed while it was sent is not sent again: the upload has failed already.
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
            client: A client with the settings of `s3_config`.
        """
        stop_retries(client, self._may_retry)

    def _may_retry(self, failed: FailedAttempt) -> bool:
        is_safe = failed.operation not in _ONCE or failed.is_answered or isinstance(failed.exception, _NEVER_SENT)
        kept = OBJECT_RESERVE_SECONDS if failed.operation in _WITHIN_UPLOAD else _ANSWER_SECONDS
        pause: int = 2 ** (failed.number - 1)
        slowest = pause if failed.is_answered else pause + _CONNECT_SECONDS + OBJECT_STALL_SECONDS
        return is_safe and not _is_our_own(failed.exception) and self._seconds_left() - slowest >= kept


def _is_our_own(error: Exception | None) -> bool:
    """Whether what was to be sent failed, which botocore takes for a failure of the network."""
    if type(error) is not HTTPClientError:
        return False
    return not isinstance(error.kwargs.get("error"), _OF_THE_NETWORK)
