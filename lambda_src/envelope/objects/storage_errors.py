"""What S3 can answer, by what the caller should do about it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError, FlexibleChecksumError, ParamValidationError
from urllib3.exceptions import HTTPError

from envelope.errors import (
    EnvelopeError,
    InvalidRequest,
    LimitExceeded,
    StorageAccessDenied,
    StorageUnavailable,
)

# Amazon S3 API reference, "Error responses". What is not listed is decided by its status, which is also all that
# HeadObject answers: it has no body that could name a code.
_BY_CODE: Final[Mapping[str, type[EnvelopeError]]] = {
    "BadDigest": StorageUnavailable,  # damaged on its way
    "EntityTooLarge": LimitExceeded,
    "ExpiredToken": StorageUnavailable,  # the function's next credentials are valid again
    "IncompleteBody": StorageUnavailable,
    "InvalidObjectState": InvalidRequest,  # archived: restore it first
    "InvalidPart": StorageUnavailable,
    "MetadataTooLarge": LimitExceeded,
    "NoSuchUpload": StorageUnavailable,  # somebody else ended it
    "RequestTimeout": StorageUnavailable,
    "XAmzContentChecksumMismatch": StorageUnavailable,
}
_FORBIDDEN: Final = frozenset({401, 403})
_CHANGED: Final = frozenset({409, 412})
_SERVER_ERROR: Final = 500


@contextmanager
def storage_errors(operation: str) -> Iterator[None]:
    """Turn what a call of S3 raises into errors by remedy.

    Args:
        operation: What the call does, for the error text: `GetObject of source`.

    Yields:
        Once, for the call.

    Raises:
        EnvelopeError: What `remedy` makes of it.
    """
    try:
        yield
    except (BotoCoreError, ClientError, HTTPError, OSError) as error:
        failure = remedy(operation, error)
        raise failure from error


def remedy(operation: str, error: Exception) -> EnvelopeError:
    """Say what to do about an error of S3, or of the way there.

    Args:
        operation: What was being done.
        error: What botocore, urllib3 or the socket raised.

    Returns:
        The error for the caller. Its text names the code that S3 answered, not what S3 said besides.
    """
    if isinstance(error, ClientError):
        code = error_code(error)
        return _class_of(error, code)(f"S3 must be able to do {operation}, got {code}")
    if isinstance(error, FlexibleChecksumError):
        return StorageUnavailable(f"S3 must give the bytes of their checksum in {operation}, got others")
    if isinstance(error, ParamValidationError):
        return InvalidRequest(f"{operation} must have parameters that S3 takes, got others")
    # Its text can hold what was sent; its name says enough.
    return StorageUnavailable(f"S3 must finish {operation}, got {type(error).__name__}")


def error_code(error: BaseException | None) -> str:
    """Say what S3 called its refusal.

    Args:
        error: An error of botocore.

    Returns:
        The code; for HeadObject the status; empty for every other error.
    """
    if not isinstance(error, ClientError):
        return ""
    return str(error.response.get("Error", {}).get("Code", "no error code"))


def _class_of(error: ClientError, code: str) -> type[EnvelopeError]:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _BY_CODE:
        return _BY_CODE[code]
    if status in _FORBIDDEN or code.startswith("KMS."):  # the key of the bucket
        return StorageAccessDenied
    if status in _CHANGED or status >= _SERVER_ERROR:
        return StorageUnavailable
    return InvalidRequest
