"""What S3 answers about the objects of a request, as opposed to something being wrong."""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from botocore.exceptions import ClientError

from envelope.errors import EnvelopeError
from envelope.objects.storage_errors import error_code


class Refusal(Enum):
    """Why S3 did not do what a request asked for."""

    SOURCE_IS_GONE = "there is no such object, or no such version any more"
    SOURCE_WAS_REPLACED = "the object is another one than the one that was asked for"
    DESTINATION_WAS_CHANGED = "the condition of a write does not hold"
    NO_DESTINATION = "there is no such object"
    DESTINATION_IS_HIDDEN = "nobody may know whether there is such an object"

    @staticmethod
    def behind(error: EnvelopeError) -> "Refusal | None":
        """Find out whether such an answer is behind an error.

        Args:
            error: What came out of a request.

        Returns:
            The answer, or None if something else was wrong.
        """
        cause = error.__cause__
        return _REFUSALS.get((cause.operation_name, error_code(cause))) if isinstance(cause, ClientError) else None


# By operation and code. HeadObject answers with a status alone; and whoever may not list a bucket is told 403 about
# what is not there (S3 API reference, HeadObject, "Permissions").
_REFUSALS: Final[Mapping[tuple[str, str], Refusal]] = {
    ("GetObject", "NoSuchKey"): Refusal.SOURCE_IS_GONE,
    ("GetObject", "NoSuchVersion"): Refusal.SOURCE_IS_GONE,
    ("GetObject", "PreconditionFailed"): Refusal.SOURCE_WAS_REPLACED,
    ("PutObject", "PreconditionFailed"): Refusal.DESTINATION_WAS_CHANGED,
    ("PutObject", "NoSuchKey"): Refusal.DESTINATION_WAS_CHANGED,
    ("CompleteMultipartUpload", "PreconditionFailed"): Refusal.DESTINATION_WAS_CHANGED,
    ("CompleteMultipartUpload", "NoSuchKey"): Refusal.DESTINATION_WAS_CHANGED,
    ("HeadObject", "404"): Refusal.NO_DESTINATION,
    ("HeadObject", "403"): Refusal.DESTINATION_IS_HIDDEN,
}
