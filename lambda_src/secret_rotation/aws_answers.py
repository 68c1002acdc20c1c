"""What an answer of Secrets Manager means for a rotation."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from secret_rotation.errors import RotationError, SecretAccessDenied, SecretsManagerUnavailable, SecretUnusable

NOT_FOUND: Final = "ResourceNotFoundException"
EXISTS: Final = "ResourceExistsException"
LABEL_ELSEWHERE: Final = "InvalidParameterException"

_SERVER_ERROR: Final = 500
# Errors of the API reference and common errors, by what somebody can do about them. What is not listed is the server's
# fault from status 500 on; below that Secrets Manager will not serve this function until somebody acts.
_REMEDIES: Final[Mapping[str, type[RotationError]]] = {
    "DecryptionFailure": SecretAccessDenied,
    "EncryptionFailure": SecretAccessDenied,
    "InvalidParameterException": SecretUnusable,
    "InvalidRequestException": SecretUnusable,  # scheduled for deletion, managed by another service, a replica
    "ResourceExistsException": SecretUnusable,
    "ResourceNotFoundException": SecretUnusable,
    "ExpiredTokenException": SecretsManagerUnavailable,  # the function's next credentials are valid again
    "InternalServiceError": SecretsManagerUnavailable,
    "LimitExceededException": SecretsManagerUnavailable,  # versions of the last 24 hours
    "RequestLimitExceeded": SecretsManagerUnavailable,
    "Throttling": SecretsManagerUnavailable,
    "ThrottlingException": SecretsManagerUnavailable,
    "TooManyRequestsException": SecretsManagerUnavailable,
}


def answer_or_code(operation: str, call: Callable[[], Mapping[str, Any]], *, told: str) -> Mapping[str, Any] | None:
    """Ask Secrets Manager something to which one kind of refusal is an answer as well.

    Args:
        operation: What is asked for.
        call: Asks.
        told: The code of that refusal.

    Returns:
        The answer; None if it was that refusal.

    Raises:
        RotationError: One of its kinds, for every other refusal and for none at all.
    """
    failure: RotationError
    try:
        return call()
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", "no error code"))
        if code == told:
            return None
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        kind = _REMEDIES.get(code, SecretsManagerUnavailable if status >= _SERVER_ERROR else SecretAccessDenied)
        failure = kind(f"Secrets Manager must allow {operation}, got {code}")
    except ParamValidationError:
        failure = SecretUnusable(f"{operation} must be told what Secrets Manager takes, got something else")
    except BotoCoreError as error:
        failure = SecretsManagerUnavailable(f"Secrets Manager must answer {operation}, got {type(error).__name__}")
    # Raised out here, where nothing is being handled: what botocore raises may hold what was sent.
    raise failure


def answer(operation: str, call: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """Ask Secrets Manager.

    Args:
        operation: What is asked for.
        call: Asks.

    Returns:
        The answer.

    Raises:
        RotationError: One of its kinds.
        SecretsManagerUnavailable: If it refused without saying why.
    """
    found = answer_or_code(operation, call, told="")
    if found is None:
        raise SecretsManagerUnavailable(f"Secrets Manager must answer {operation} with a code, got none")
    return found
