"""Where results of records go: what a queue and a stream have in common, and what their refusals mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from envelope.errors import EnvelopeError, InvalidRequest, StorageAccessDenied, StorageUnavailable

_SERVER_ERROR: Final = 500

# What is wrong with something in the request, and maybe with one record of it only: larger than this very queue or
# stream takes, for example.
_ABOUT_RECORDS: Final = frozenset({
    "AWS.SimpleQueueService.BatchRequestTooLong",
    "BatchRequestTooLong",
    "InvalidArgumentException",
    "InvalidMessageContents",
    "InvalidParameterValue",
    "ValidationException",
})

# What helps itself if the record is sent again (SQS and Kinesis API references, common errors). Everything else below
# status 500 would be answered the same way again: somebody has to act.
_PASSING: Final = frozenset({
    "ExpiredTokenException",
    "InternalError",
    "InternalFailure",
    "KMSThrottlingException",
    "KmsThrottled",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestThrottled",
    "ServiceUnavailable",
    "Throttling",
    "ThrottlingException",
})


@dataclass(frozen=True, slots=True)
class Addressed:
    """One result on its way. Its `repr` hides the content.

    Attributes:
        content: Message or plaintext.
        order_key: Records with the same one stay in order where the sink keeps any: the message group of a queue, the
            partition key of a stream.
        identity: By which a queue that keeps order knows that it has the record already.
    """

    content: bytes | bytearray = field(repr=False)
    order_key: str
    identity: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One result as a request carries it. Its `repr` hides the fields.

    Attributes:
        fields: What the operation takes.
        size: How many bytes of the request's limit it needs.
    """

    fields: dict[str, Any] = field(repr=False)
    size: int


class RecordSink(Protocol):
    """Takes results, many in a request.

    Attributes:
        keeps_order: Whether records with the same order key arrive in the order in which they are sent. Then no
            request may hold two of them, since one could be refused and the next one taken.
        entries_max: Entries in one request.
        bytes_max: Bytes of all entries in one request.
    """

    keeps_order: bool
    entries_max: int
    bytes_max: int

    def entry(self, addressed: Addressed) -> Entry:
        """Write a result as a request carries it.

        Args:
            addressed: The result.

        Returns:
            The entry.

        Raises:
            LimitExceeded: If it is too large for any request.
            InvalidRequest: If the sink takes no such order key.
        """
        ...

    def send(self, entries: Sequence[Entry]) -> Mapping[int, EnvelopeError]:
        """Send one request.

        Args:
            entries: No more than one request takes.

        Returns:
            What was not taken, by its position, and why.

        Raises:
            InvalidRequest: If nothing was taken because of something in the request.
            StorageAccessDenied: If nothing was taken, and trying again is no remedy.
            StorageUnavailable: If it is not known that anything was taken.
        """
        ...


def refusal(target: str, code: str, *, status: int = 0) -> EnvelopeError:
    """Say what a caller can do about an error code.

    Args:
        target: What refused.
        code: What it said.
        status: The HTTP status, if the whole request was refused.

    Returns:
        The error.

    Examples:
        >>> refusal("SQS", "AccessDenied", status=403)
        StorageAccessDenied('SQS must take the records, got AccessDenied')
    """
    remedy: type[EnvelopeError] = StorageAccessDenied
    if code in _ABOUT_RECORDS:
        remedy = InvalidRequest
    elif code in _PASSING or status >= _SERVER_ERROR:
        remedy = StorageUnavailable
    return remedy(f"{target} must take the records, got {code}")


def refusal_of_request(target: str, error: ClientError | BotoCoreError) -> EnvelopeError:
    """Say what a caller can do after a whole request failed.

    Args:
        target: Who was asked.
        error: What the client raised. Its text can hold what was sent, so only its name or code is told.

    Returns:
        The error.
    """
    if isinstance(error, BotoCoreError):
        return StorageUnavailable(f"{target} must take the records, got {type(error).__name__}")
    code = error.response.get("Error", {}).get("Code", "no error code")
    return refusal(target, code, status=error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def is_final(error: EnvelopeError) -> bool:
    """Say whether the sink is not to be asked again by this invocation.

    Args:
        error: What a whole request came to.

    Returns:
        True if the sink denies, or has said nothing: each further request could take as long.
    """
    return isinstance(error, StorageAccessDenied) or isinstance(error.__cause__, BotoCoreError)
