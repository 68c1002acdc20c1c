"""One version of an object, read from its first byte to its last, which comes only if all of them are right."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from envelope.limits import OBJECT_STALL_SECONDS
from envelope.objects.object_request import SourceObject
from envelope.objects.s3_client import ObjectBody, S3Client
from envelope.objects.storage_errors import storage_errors
from envelope.objects.time_left import TimeLeft

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class ObjectReader(io.RawIOBase):
    """The body of a GetObject answer.

    botocore compares length and checksum when it meets the end of a body, but whoever knows the length does not read
    that far. So this reader does, before it hands out the last bytes. The checksum is one of those that S3 stored for
    the whole object and that botocore can compute without its C runtime: CRC32, SHA-1 or SHA-256.
    """

    def __init__(self, body: ObjectBody, *, length: int, time_left: TimeLeft) -> None:
        """Start at the first byte.

        Args:
            body: The body of the answer.
            length: Its bytes.
            time_left: Until when to read.
        """
        super().__init__()
        self._body = body
        self._left = length
        self._time_left = time_left

    def readable(self) -> bool:
        """Say that this can be read.

        Returns:
            True.
        """
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Read what has arrived.

        Args:
            buffer: Where it goes.

        Returns:
            How many bytes came; 0 at the end.

        Raises:
            StorageUnavailable: If the connection broke, or if length or checksum are others than S3 said.
            LimitExceeded: If there is no time left.
        """
        if not self._left:
            return 0
        self._time_left.demand_more()
        with storage_errors("GetObject of source"):
            length = int(self._body.readinto(memoryview(buffer)[: self._left]))
            self._left -= length
            if not self._left:
                self._body.readinto(bytearray(1))
        return length


@dataclass(frozen=True, slots=True)
class OpenedObject:
    """An object that is being read.

    Attributes:
        reader: Its content.
        length: Bytes of it.
        answer: Everything else that S3 answered.
    """

    reader: ObjectReader
    length: int
    answer: dict[str, Any]

    @property
    def version_id(self) -> str | None:
        """Which version it is, in a bucket with versions."""
        version_id: str | None = self.answer.get("VersionId")
        return version_id


def version_parameters(source: SourceObject) -> dict[str, str]:
    """Say which version is meant.

    Args:
        source: The object.

    Returns:
        Parameters of GetObject and HeadObject.
    """
    named = {"Bucket": source.name.bucket, "Key": source.name.key, "VersionId": source.version_id}
    return {name: value for name, value in {**named, "IfMatch": source.etag}.items() if value is not None}


@contextmanager
def opened_object(s3: S3Client, source: SourceObject, *, time_left: TimeLeft) -> Iterator[OpenedObject]:
    """Begin to read an object, by one GetObject, so that all of it is of one version.

    Args:
        s3: An S3 client.
        source: The object.
        time_left: How long it may take.

    Yields:
        The object; its connection is closed after the block.

    Raises:
        EnvelopeError: What S3 answers, by remedy; `LimitExceeded` if there is not enough time for that many bytes.
    """
    with storage_errors("GetObject of source"):
        answer = s3.get_object(**version_parameters(source), ChecksumMode="ENABLED")
    body, length = answer.pop("Body"), answer["ContentLength"]
    try:
        time_left.demand_for(length)
        if length:  # else the connection is closed already
            body.set_socket_timeout(OBJECT_STALL_SECONDS)
        yield OpenedObject(ObjectReader(body, length=length, time_left=time_left), length, answer)
    finally:
        body.close()
