"""An S3 object as a source: one version of it, however many requests that takes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Self

from envelope.errors import EnvelopeError
from envelope.objects.storage_errors import error_code, storage_errors
from kms_envelope.s3_name import address_of
from kms_envelope.source import Source

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BAD_REQUEST: Final = "400"
_NOT_THERE: Final = frozenset({"404", "NoSuchBucket", "NoSuchKey", "NoSuchVersion"})


class S3Object(Source):
    """One version of an object."""

    def __init__(self, client: Any, *, name: str, address: Mapping[str, str], size: int) -> None:  # noqa: ANN401
        """Take what S3 said of an object.

        Args:
            client: A client of S3.
            name: What an error calls it.
            address: Which object, as S3's operations take it, with the ETag that it must have.
            size: Its bytes.
        """
        self._client = client
        self._name = name
        self._address = address
        self._body: Any = None
        self._left = size
        self.size = size

    @classmethod
    def of(cls, name: str, *, client: Any) -> Self:  # noqa: ANN401  # boto3 makes its clients' classes when it runs
        """Find an object.

        Args:
            name: `s3://bucket/key`, with `?versionId=...` behind it for a version that is not the latest.
            client: A client of S3.

        Returns:
            The object, held to what it is now: if it is replaced later, reading fails.

        Raises:
            EnvelopeError: By what can be done about it.
            FileNotFoundError: If there is no such object.
        """
        address = address_of(name)
        found = _head(client, name=name, address=address)
        return cls(client, name=name, address={**address, "IfMatch": found["ETag"]}, size=found["ContentLength"])

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill a buffer with the next bytes, or the beginning of it.

        Args:
            buffer: Where they go.

        Returns:
            How many came; 0 at the end.

        Raises:
            EnvelopeError: By what can be done about it; also if the bytes are not those of the object's checksum.
        """
        with _answered("GetObject", self._name):
            if self._body is None:
                self._body = self._client.get_object(**self._address, ChecksumMode="ENABLED")["Body"]
            count = int(self._body.readinto(memoryview(buffer)[: self._left]))
            self._left -= count
            if not self._left:
                # botocore compares length and checksum when it meets the end, so before the last bytes are used.
                self._body.readinto(bytearray(1))
        return count

    def fetch(self, first: int, last: int) -> bytes:
        """Give some bytes.

        Args:
            first: The first one, counted from zero.
            last: The last one.

        Returns:
            They.

        Raises:
            EnvelopeError: By what can be done about it.
        """
        with _answered("GetObject", self._name):
            data: bytes = self._client.get_object(**self._address, Range=f"bytes={first}-{last}")["Body"].read()
        return data


def _head(client: Any, *, name: str, address: Mapping[str, str]) -> Mapping[str, Any]:  # noqa: ANN401  # as above
    try:
        with _answered("HeadObject", name):
            found: Mapping[str, Any] = client.head_object(**address)
    except EnvelopeError as error:
        if error_code(error.__cause__) == _BAD_REQUEST:
            # An answer without a body says no more than that: an expired login, or a version that no object can have.
            # The answer to the same request for the content names the reason.
            with _answered("GetObject", name):
                client.get_object(**address)["Body"].close()
        raise
    return found


@contextmanager
def _answered(operation: str, name: str) -> Iterator[None]:
    try:
        with storage_errors(f"{operation} of {name}"):
            yield
    except EnvelopeError as error:
        if error_code(error.__cause__) in _NOT_THERE:
            raise FileNotFoundError(f"input must be an object that S3 has, got {name}") from error
        raise
