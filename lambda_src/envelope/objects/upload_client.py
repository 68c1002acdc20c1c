"""The S3 client of one upload: it adds the condition, and remembers what went wrong and what was left behind."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from envelope.objects.s3_client import S3Client
from envelope.objects.storage_errors import error_code

_MAYBE_WRITTEN = "destination may have been written all the same, and is whole then"
_MAYBE_BEGUN = "an upload may have begun of which nobody knows the id: a lifecycle rule of the bucket must abort it"
_NO_SUCH_UPLOAD = "NoSuchUpload"


class UploadClient:
    """What s3transfer calls, in front of an S3 client.

    s3transfer knows neither conditional writes nor the total length of what it uploads in parts; it reads its source
    to the end when a part has failed long before; and when it cannot take an upload back, it says nothing.

    Attributes:
        failure: The first error of a call, after which it makes no sense to go on.
        left_behind: What is there, or may be there, though the upload failed: one text for each.
        abort_failure: Why an upload could not be taken back.
        answer: What S3 answered when the object was there.
    """

    def __init__(self, s3: S3Client, *, condition: Mapping[str, str], length: Callable[[], int]) -> None:
        """Wrap a client.

        Args:
            s3: An S3 client.
            condition: `IfMatch` or `IfNoneMatch`, or nothing.
            length: Gives the bytes that were read for the upload so far.
        """
        self._s3 = s3
        self._condition = dict(condition)
        self._length = length
        self.failure: Exception | None = None
        self.left_behind: list[str] = []
        self.abort_failure: Exception | None = None
        self.answer: dict[str, Any] = {}

    @property
    def meta(self) -> object:
        """What s3transfer asks a client about itself."""
        return self._s3.meta

    def put_object(self, **parameters: object) -> dict[str, Any]:
        """Write the object in one piece, if the condition holds.

        Args:
            parameters: What s3transfer says.

        Returns:
            What S3 answers.
        """
        with self._unanswered(_MAYBE_WRITTEN):
            self.answer = self._call(self._s3.put_object, {**parameters, **self._condition})
        return self.answer

    def create_multipart_upload(self, **parameters: object) -> dict[str, Any]:
        """Begin an upload in parts.

        Args:
            parameters: What s3transfer says.

        Returns:
            What S3 answers.
        """
        with self._unanswered(_MAYBE_BEGUN):
            return self._call(self._s3.create_multipart_upload, parameters)

    def upload_part(self, **parameters: object) -> dict[str, Any]:
        """Upload a part.

        Args:
            parameters: What s3transfer says.

        Returns:
            What S3 answers.
        """
        return self._call(self._s3.upload_part, parameters)

    def complete_multipart_upload(self, **parameters: object) -> dict[str, Any]:
        """Make the object of its parts, if the condition holds and if they are as long as they should be.

        Args:
            parameters: What s3transfer says.

        Returns:
            What S3 answers.
        """
        whole = {**parameters, **self._condition, "MpuObjectSize": self._length()}
        with self._unanswered(_MAYBE_WRITTEN):
            self.answer = self._call(self._s3.complete_multipart_upload, whole)
        return self.answer

    def abort_multipart_upload(self, **parameters: object) -> None:
        """Take an upload back, and remember it if that does not work.

        Args:
            parameters: What s3transfer says.
        """
        try:
            self._s3.abort_multipart_upload(**parameters)
        except (BotoCoreError, ClientError, HTTPError, OSError) as error:
            if error_code(error) != _NO_SUCH_UPLOAD:  # that is what was wanted
                code = error_code(error) or type(error).__name__
                upload_id = parameters["UploadId"]
                self.left_behind.append(f"the unfinished upload {upload_id} must be aborted too, got {code}")
                self.abort_failure = error

    @contextmanager
    def _unanswered(self, consequence: str) -> Iterator[None]:
        # S3 was asked, and may have done it.
        try:
            yield
        except (HTTPClientError, ResponseParserError):
            self.left_behind.append(consequence)
            raise

    def _call(self, operation: Callable[..., dict[str, Any]], parameters: dict[str, object]) -> dict[str, Any]:
        try:
            return operation(**parameters)
        except Exception as error:
            self.failure = self.failure or error
            raise
