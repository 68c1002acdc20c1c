"""Credentials that AWS no longer takes: for a person it is time to log in again, whatever was being done."""

from collections.abc import Iterator
from typing import Final

from envelope.errors import KeyAccessDenied

# KMS and S3, "Common errors" and "Error responses". A function of the library would try again later, with the next
# credentials that it gets; a person who waits gets none.
_CODES: Final = frozenset({
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidToken",
    "UnrecognizedClientException",
})


def as_rejected_credentials(error: BaseException) -> KeyAccessDenied | None:
    """Find out whether it was the credentials.

    Args:
        error: What a command failed with.

    Returns:
        What to say instead; None if it was something else.
    """
    for cause in _causes_of(error):
        found = _rejection_in(cause)
        if found is not None:
            return KeyAccessDenied(f"AWS credentials must be valid, got {found} (log in again)")
    return None


def _causes_of(error: BaseException) -> Iterator[BaseException]:
    while error.__cause__ is not None:
        error = error.__cause__
        yield error


def _rejection_in(cause: BaseException) -> str | None:
    from botocore.exceptions import (  # noqa: PLC0415  # `--help` and `inspect` need not wait for it
        ClientError,
        CredentialRetrievalError,
        SSOError,
        TokenRetrievalError,
    )

    if isinstance(cause, ClientError):
        code = str(cause.response.get("Error", {}).get("Code", ""))
        return code if code in _CODES else None
    if isinstance(cause, CredentialRetrievalError | SSOError | TokenRetrievalError):
        return f"{type(cause).__name__}: {cause}"
    return None
