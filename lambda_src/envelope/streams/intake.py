"""Reading from anything that can be read, and writing to anything that can be written."""

from collections.abc import Callable
from typing import Protocol, TypeAlias

from envelope.errors import InvalidRequest
from envelope.format.wire import Bytes


class Source(Protocol):
    """A binary file opened for reading, or what looks like one: a pipe, a socket, the body of an S3 object.

    It may give fewer bytes than it was asked for; none at all means its end. Where it has a `readinto`, that is used.
    """

    def read(self, size: int, /) -> bytes | None:
        """Give the next bytes.

        Args:
            size: How many at most.

        Returns:
            The bytes; empty at the end. None, as from a file that does not wait, is refused.
        """
        ...


class Destination(Protocol):
    """A binary file opened for writing, or what looks like one."""

    def write(self, data: memoryview, /) -> int | None:
        """Take the next bytes, or the first of them.

        Args:
            data: The bytes, valid until this returns.

        Returns:
            How many were taken; None means all.
        """
        ...


_ReadInto: TypeAlias = Callable[[memoryview], int | None]


class Intake:
    """A source with its quirks smoothed: as many bytes as asked for until the end, and bytes can be put back.

    Attributes:
        taken: Bytes that came out, those that were put back not counted.
    """

    __slots__ = ("_read_into", "_returned", "taken")

    def __init__(self, source: Source) -> None:
        """Read from a source.

        Args:
            source: Where the bytes come from. Whatever its methods raise comes out of the methods here.
        """
        self._read_into: _ReadInto = getattr(source, "readinto", None) or _reading_into(source)
        self._returned: memoryview = memoryview(b"")
        self.taken = 0

    def readinto(self, buffer: memoryview, /) -> int:
        """Read until a buffer is full or the source is at its end.

        Args:
            buffer: Where the bytes go.

        Returns:
            How many there were.

        Raises:
            InvalidRequest: If the source does not wait for its bytes, or gives more than it was asked for.
        """
        done = min(len(self._returned), len(buffer))
        buffer[:done] = self._returned[:done]
        self._returned = self._returned[done:]
        while done < len(buffer):
            got = self._read_into(buffer[done:])
            if got is None:
                raise InvalidRequest("source must wait until it has bytes, got one that does not")
            if not 0 <= got <= len(buffer) - done:
                raise InvalidRequest(f"source must give at most the {len(buffer) - done} bytes asked for, got {got}")
            if got == 0:
                break
            done += got
        self.taken += done
        return done

    def read(self, size: int, /) -> bytes:
        """Read some bytes.

        Args:
            size: How many.

        Returns:
            The bytes; fewer at the end of the source.
        """
        buffer = memoryview(bytearray(size))
        return bytes(buffer[: self.readinto(buffer)])

    def put_back(self, data: Bytes) -> None:
        """Let bytes that were read come once more, before all others.

        Args:
            data: The bytes, which are copied.
        """
        self.taken -= len(data)
        self._returned = memoryview(bytes(data) + bytes(self._returned))


def write_all(destination: Destination, data: memoryview) -> None:
    """Write to a destination that may take fewer bytes than it is given.

    Args:
        destination: Where the bytes go. Whatever it raises comes out.
        data: The bytes.

    Raises:
        InvalidRequest: If the destination takes nothing, or more than there is.
    """
    while len(data):
        taken = destination.write(data)
        if taken is None or taken == len(data):
            return
        if not 0 < taken < len(data):
            raise InvalidRequest(f"destination must take 1 to {len(data)} bytes, got one that took {taken}")
        data = data[taken:]


def _reading_into(source: Source) -> _ReadInto:
    def read_into(buffer: memoryview) -> int | None:
        data = source.read(len(buffer))
        if data is None:
            return None
        if len(data) <= len(buffer):
            buffer[: len(data)] = data
        return len(data)

    return read_into
