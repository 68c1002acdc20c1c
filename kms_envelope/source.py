"""What is read: its bytes one after the other, or some out of the middle."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from envelope.errors import InvalidRequest

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class Source(ABC):
    """Bytes from one place, which stay the same ones while they are read.

    Attributes:
        size: How many there are; None where nobody knows.
    """

    size: int | None

    @abstractmethod
    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill a buffer with the next bytes, or the beginning of it.

        Args:
            buffer: Where they go.

        Returns:
            How many came; 0 at the end.
        """

    @abstractmethod
    def fetch(self, first: int, last: int) -> bytes:
        """Give some bytes.

        Args:
            first: The first one, counted from zero.
            last: The last one.

        Returns:
            They; fewer if the end comes before.
        """

    def known_size(self) -> int:
        """Say how many bytes there are; where that is known, some can be fetched from wherever they are.

        Returns:
            The number.

        Raises:
            InvalidRequest: If it is a pipe.
        """
        if self.size is None:
            raise InvalidRequest("range must be one of a file or an S3 object, got a pipe")
        return self.size

    def read(self, size: int, /) -> bytes:
        """Give the next bytes.

        Args:
            size: How many at most.

        Returns:
            They; none at the end.
        """
        buffer = bytearray(size)
        return bytes(memoryview(buffer)[: self.readinto(buffer)])


class FileSource(Source):
    """An open file, or what comes through a pipe."""

    def __init__(self, stream: Any, *, size: int | None) -> None:  # noqa: ANN401  # BinaryIO does not know readinto
        """Take a stream.

        Args:
            stream: Where to read bytes.
            size: How many there are; None if it is a pipe.
        """
        self._stream = stream
        self.size = size

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill a buffer with the next bytes, or the beginning of it.

        Args:
            buffer: Where they go.

        Returns:
            How many came; 0 at the end.
        """
        return int(self._stream.readinto(buffer))

    def fetch(self, first: int, last: int) -> bytes:
        """Give some bytes of a file.

        Args:
            first: The first one, counted from zero.
            last: The last one.

        Returns:
            They; fewer if the end comes before.

        Raises:
            InvalidRequest: If it is a pipe.
        """
        self.known_size()
        self._stream.seek(first)
        data: bytes = self._stream.read(last - first + 1)
        return data
