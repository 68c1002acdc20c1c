"""Where CloudFormation waits for the answer of a custom resource: a presigned address of S3.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
"""

import ssl
import time
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPException
from typing import Final, Protocol
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from certificate_care.errors import InvalidEvent, Unavailable

_ATTEMPTS: Final = 5
_SECONDS_FOR_ONE: Final = 10.0
_SECONDS_BEFORE_SECOND: Final = 0.5


class PutsAnswer(Protocol):
    """Whoever brings an answer to CloudFormation."""

    def __call__(self, url: str, body: bytes, /) -> None:
        """Bring it there."""


def check_url(url: str) -> None:
    """Refuse an address to which an answer is not sent: anything else than TLS with a host and no user.

    Args:
        url: The address.

    Raises:
        InvalidEvent: If it is such a one.
    """
    try:
        parts = urlsplit(url)
        is_fit = parts.scheme == "https" and bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        is_fit = False
    if not is_fit or not url.isascii() or not url.isprintable() or " " in url:
        # Not quoted: whoever has the address may answer in the name of the function.
        raise InvalidEvent("ResponseURL must be an https address with a host, got another one")


def _status_of(request: Request) -> int:
    try:
        with urlopen(request, timeout=_SECONDS_FOR_ONE, context=ssl.create_default_context()) as answer:  # noqa: S310  # `check_url` lets https pass only
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def put_answer(
    url: str,
    body: bytes,
    /,
    *,
    status_of: Callable[[Request], int] = _status_of,
    sleep: Callable[[float], object] = time.sleep,
) -> None:
    """Put an answer, several times if it has to be: without it CloudFormation waits for an hour.

    A presigned address is signed without a content type, so none is sent. Putting the same twice does no harm.

    Args:
        url: The address that CloudFormation gave.
        body: The answer, in JSON.
        status_of: Sends a request and says with which status it was answered.
        sleep: Waits for so many seconds.

    Raises:
        InvalidEvent: If the address is none that is spoken to.
        Unavailable: If it did not take the answer. The text holds no address.
    """
    check_url(url)
    said = ""
    for attempt in range(_ATTEMPTS):
        if attempt:
            sleep(_SECONDS_BEFORE_SECOND * 2 ** (attempt - 1))
        request = Request(url, data=body, method="PUT", headers={"Content-Type": ""})  # noqa: S310  # checked above
        try:
            status = status_of(request)
        except (OSError, HTTPException) as error:
            said = type(error).__name__
            continue
        if status < HTTPStatus.MULTIPLE_CHOICES:
            return
        said = f"status {status}"
        if status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.TOO_MANY_REQUESTS:
            break
    raise Unavailable(f"the answer must reach CloudFormation, got {said}")
