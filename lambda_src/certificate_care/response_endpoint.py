"""Where CloudFormation waits for the answer of a custom resource: a presigned address of S3.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
"""

import os
import re
import ssl
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.client import HTTPException
from typing import Final, Protocol
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from certificate_care.errors import InvalidEvent, Unavailable

DNS_SUFFIXES: Final = (
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "c2s.ic.gov",
    "sc2s.sgov.gov",
    "cloud.adc-e.uk",
    "csp.hci.ic.gov",
)
"""Where the hosts of AWS are, of all its partitions."""

ENDPOINT_VARIABLES: Final = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
"""By which the SDK is told another S3, which AWS itself does not.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
"""

# Of the names below those suffixes this allows S3's own, and none that somebody can give to a load balancer or an API.
_S3: Final = re.compile(
    r"([a-z0-9.-]+\.)?s3([.-](dualstack\.)?[a-z]+(-[a-z]+)+-[0-9]+)?\." + rf"({'|'.join(map(re.escape, DNS_SUFFIXES))})"
)
_TLS: Final = 443
_ATTEMPTS: Final = 5
_SECONDS_FOR_ONE: Final = 10.0
_SECONDS_BEFORE_SECOND: Final = 0.5


class PutsAnswer(Protocol):
    """Whoever brings an answer to CloudFormation."""

    def __call__(self, url: str, body: bytes, /) -> None:
        """Bring it there."""


def check_url(url: str, *, variables: Mapping[str, str] = os.environ) -> None:
    """Refuse an address to which no answer is sent: anything else than S3 over TLS.

    Whoever may invoke the function may write any address into an event. What the function says stays in AWS then, and
    the function reaches nothing else for him.
    https://docs.aws.amazon.com/general/latest/gr/s3.html

    Args:
        url: The address.
        variables: Say where S3 is if it is not at AWS.

    Raises:
        InvalidEvent: If it is such a one.
    """
    place = _place(url)
    elsewhere = [_place(variables[name]) for name in ENDPOINT_VARIABLES if name in variables]
    if place is None or not (place in elsewhere or (place[1] == _TLS and _S3.fullmatch(place[0]))):
        # Not quoted: whoever has the address may answer in the name of the function.
        raise InvalidEvent("ResponseURL must be an https address of S3, got another one")


def _place(url: str) -> tuple[str, int] | None:
    """Return host and port of an address over TLS; None if it is something else."""
    if not url.isascii() or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        port = _TLS if parts.port is None else parts.port
    except ValueError:
        return None
    if parts.scheme != "https" or not parts.hostname or parts.username is not None or port == 0:
        return None
    return parts.hostname, port


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
    variables: Mapping[str, str] = os.environ,
) -> None:
    """Put an answer, several times if it has to be: without it CloudFormation waits for an hour.

    A presigned address is signed without a content type, so none is sent. Putting the same twice does no harm.

    Args:
        url: The address that CloudFormation gave.
        body: The answer, in JSON.
        status_of: Sends a request and says with which status it was answered.
        sleep: Waits for so many seconds.
        variables: Say where S3 is if it is not at AWS.

    Raises:
        InvalidEvent: If the address is none that is spoken to.
        Unavailable: If it did not take the answer. The text holds no address.
    """
    check_url(url, variables=variables)
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
