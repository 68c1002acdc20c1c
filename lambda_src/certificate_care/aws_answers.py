"""What an answer of an AWS service means for a certificate."""

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ParamValidationError

from certificate_care.errors import AccessDenied, CertificateCareError, InvalidEvent, Unavailable

_SERVER_ERROR: Final = 500
_LONGEST_QUOTE: Final = 256
# Errors of the API references of ACM, Route 53, STS and Secrets Manager and the common errors, by what somebody can do
# about them. What is not listed is the server's fault from status 500 on; below that somebody asked for a wrong thing.
_REMEDIES: Final[Mapping[str, type[CertificateCareError]]] = {
    "AccessDenied": AccessDenied,  # Route 53, STS
    "AccessDeniedException": AccessDenied,
    "DecryptionFailure": AccessDenied,
    "UnrecognizedClientException": AccessDenied,
    "ConflictException": Unavailable,
    "ExpiredTokenException": Unavailable,  # the function's next credentials are valid again
    "InternalServiceError": Unavailable,
    "PriorRequestNotComplete": Unavailable,
    "RequestInProgressException": Unavailable,
    "RequestLimitExceeded": Unavailable,
    "Throttling": Unavailable,
    "ThrottlingException": Unavailable,
    "TooManyRequestsException": Unavailable,
}


def answer_or_code(
    operation: str, call: Callable[[], Mapping[str, Any]], *, told: frozenset[str]
) -> Mapping[str, Any] | str:
    """Ask a service something to which some refusals are answers as well.

    Args:
        operation: What is asked for, as texts have it: `acm:DescribeCertificate`.
        call: Asks.
        told: The codes of those refusals.

    Returns:
        The answer, or the code.

    Raises:
        CertificateCareError: One of its kinds, for every other refusal and for none at all.
    """
    failure: CertificateCareError
    try:
        return call()
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", "no error code"))
        if code in told:
            return code
        failure = _refused(operation, code, error)
    except ParamValidationError:
        failure = InvalidEvent(f"{operation} must be told what it takes, got something else")
    except NoCredentialsError:
        failure = AccessDenied(f"{operation} must be called with credentials, got none")
    except BotoCoreError as error:
        failure = Unavailable(f"{operation} must be answered, got {type(error).__name__}")
    # Raised out here, where nothing is being handled: what botocore raises may hold what was sent.
    raise failure


def answer(operation: str, call: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """Ask a service.

    Args:
        operation: What is asked for, as texts have it: `acm:DescribeCertificate`.
        call: Asks.

    Returns:
        The answer.

    Raises:
        CertificateCareError: One of its kinds, if it refused or did not answer.
    """
    # No code is told, so that none comes back.
    return cast("Mapping[str, Any]", answer_or_code(operation, call, told=frozenset()))


def _refused(operation: str, code: str, error: ClientError) -> CertificateCareError:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    kind = _REMEDIES.get(code, Unavailable if status >= _SERVER_ERROR else InvalidEvent)
    if kind is Unavailable:
        return Unavailable(f"{operation} must be answered now, got {code}")
    said = " ".join(str(error.response.get("Error", {}).get("Message", "")).split())[:_LONGEST_QUOTE]
    said = f"{code}: {said}" if said else code
    return kind(f"{operation} must be allowed, got {said}" if kind is AccessDenied else f"{operation} refused: {said}")
