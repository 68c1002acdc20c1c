"""What a failure of KMS means for the caller."""

from collections.abc import Mapping, Sequence
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from envelope.errors import EnvelopeError, InvalidRequest, KeyAccessDenied, KeyUnavailable, NotAuthentic

_SERVER_ERROR: Final = 500

# What KMS can answer, by what the caller should do about it (KMS API reference, errors of GenerateDataKey, Encrypt
# and Decrypt, and common errors). What is not listed is the server's fault from status 500 on. Below that it means
# that KMS will not serve this function as it is set up: a disabled key, a key that is to be deleted or does not
# exist, rejected credentials. Trying again does not help, somebody has to act: the remedy of a denied access.
_REMEDIES: Final[Mapping[str, type[EnvelopeError]]] = {
    "AccessDeniedException": KeyAccessDenied,
    "DisabledException": KeyAccessDenied,
    "InvalidGrantTokenException": KeyAccessDenied,
    "InvalidKeyUsageException": KeyAccessDenied,
    "KMSInvalidStateException": KeyAccessDenied,
    "NotFoundException": KeyAccessDenied,
    "DependencyTimeoutException": KeyUnavailable,
    "ExpiredTokenException": KeyUnavailable,  # the function's next credentials are valid again
    "KMSInternalException": KeyUnavailable,
    "KeyUnavailableException": KeyUnavailable,
    "LimitExceededException": KeyUnavailable,
    "RequestLimitExceeded": KeyUnavailable,
    "Throttling": KeyUnavailable,
    "ThrottlingException": KeyUnavailable,
    "TooManyRequestsException": KeyUnavailable,
    "IncorrectKeyException": NotAuthentic,
    "InvalidCiphertextException": NotAuthentic,
    "ValidationException": InvalidRequest,  # all that varies is the context, and KMS may take less of it than we do
}


def remedy_of(error: ClientError, *, operation: str, key_arn: str) -> EnvelopeError:
    """Translate an error that KMS answered with.

    Args:
        error: What botocore raised.
        operation: What was asked for.
        key_arn: With which key.

    Returns:
        The error of the kind that says what to do.
    """
    code = _code_of(error)
    remedy = _kind_of(error)
    if remedy is NotAuthentic:
        return NotAuthentic()
    if remedy is InvalidRequest:
        return InvalidRequest(f"encryption_context must be one that KMS takes, got {code} from {operation}")
    return remedy(f"KMS must allow {operation} with {key_arn}, got {code}")


def is_no_answer(error: Exception) -> bool:
    """Say whether KMS would have no answer for another data key of the same key either, at this time.

    Args:
        error: What a call of KMS raised, after the client had asked several times if there was time.

    Returns:
        True if KMS could not be reached, kept silent, or could not answer now.
    """
    if isinstance(error, ClientError):
        return _kind_of(error) is KeyUnavailable
    # What botocore does not even send is about that one call.
    return isinstance(error, BotoCoreError) and not isinstance(error, ParamValidationError)


def most_useful(failures: Sequence[EnvelopeError]) -> EnvelopeError:
    """Say what a caller can do after every key failed.

    Any one key would be enough. So if KMS was not there for one of them, to try again later can help, and nobody
    needs to be asked for a permission; if none was even tried, or all that was tried was rejected by its key, the
    message is not for us.

    Args:
        failures: What went wrong with each key: `KeyUnavailable` and `KeyAccessDenied`.

    Returns:
        An error of the most useful kind, with the texts of all.
    """
    if not failures:
        return NotAuthentic()
    kinds = [type(failure) for failure in failures]
    text = "; ".join(str(failure) for failure in failures)
    return KeyUnavailable(text) if KeyUnavailable in kinds else KeyAccessDenied(text)


def _kind_of(error: ClientError) -> type[EnvelopeError]:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return _REMEDIES.get(_code_of(error), KeyUnavailable if status >= _SERVER_ERROR else KeyAccessDenied)


def _code_of(error: ClientError) -> str:
    code: str = error.response.get("Error", {}).get("Code", "no error code")
    return code
