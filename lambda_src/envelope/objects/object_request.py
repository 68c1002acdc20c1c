"""Which object is read and which one is written."""

from dataclasses import dataclass
from typing import Self

from envelope.errors import InvalidRequest
from envelope.limits import OBJECT_KEY_BYTES_MAX


@dataclass(frozen=True, slots=True)
class ObjectName:
    """A bucket and a key.

    Attributes:
        bucket: The bucket's name, or the ARN or alias of an access point.
        key: The key, as it is: not URL-encoded.

    Examples:
        >>> ObjectName("bucket", "orders/1.csv").uri
        's3://bucket/orders/1.csv'
    """

    bucket: str
    key: str

    def __post_init__(self) -> None:
        """Check what can be checked without S3.

        Raises:
            InvalidRequest: If there is no bucket, or if S3 takes no such key.
        """
        if not self.bucket:
            raise InvalidRequest("bucket must be a name, got an empty one")
        length = len(self.key.encode(errors="replace"))
        if not 1 <= length <= OBJECT_KEY_BYTES_MAX:
            # Not the key itself: it is part of an object id, which is a value of an encryption context.
            raise InvalidRequest(f"key must be 1 to {OBJECT_KEY_BYTES_MAX} bytes of UTF-8, got {length}")

    @property
    def uri(self) -> str:
        """The object as `s3://bucket/key`, which is the object id where a caller chooses none."""
        return f"s3://{self.bucket}/{self.key}"


@dataclass(frozen=True, slots=True)
class SourceObject:
    """What is read.

    Attributes:
        name: The object.
        version_id: The version. None: the one that is current when reading starts; it stays that one to the end.
        etag: The entity tag that it must have, else reading is refused. None: any.
    """

    name: ObjectName
    version_id: str | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class ObjectRequest:
    """One object in, another one out.

    Attributes:
        source: What is read.
        destination: What is written.
        object_id: What the message is bound to. None: the name of the object that holds the message, which is the
            destination when encrypting and the source when decrypting.
    """

    source: SourceObject
    destination: ObjectName
    object_id: str | None = None

    def with_two_objects(self) -> Self:
        """Make sure that nothing is written over what it is read from.

        Returns:
            This request.

        Raises:
            InvalidRequest: If source and destination are the same object.
        """
        if self.source.name == self.destination:
            raise InvalidRequest("destination must be another object than source, got the same one")
        return self
