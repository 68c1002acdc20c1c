"""Where a message waits that must be checked to its end before any of it is decrypted for good."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import FileIO
from types import TracebackType
from typing import Protocol, Self

from envelope.errors import LimitExceeded
from envelope.streams.intake import write_all


class RawFile(Protocol):
    """What a spool asks of its file."""

    def write(self, data: memoryview, /) -> int | None:
        """Take bytes, or the first of them."""
        ...

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Give bytes back."""
        ...

    def seek(self, offset: int, /) -> int:
        """Go to a place."""
        ...

    def close(self) -> None:
        """Go away."""
        ...


def _temporary_file() -> FileIO:
    # Unbuffered: what is written is written in pieces as large as they should be, and nothing stays behind in memory.
    return tempfile.TemporaryFile(buffering=0)


class Spool:
    """A temporary file without a name, which is gone when it is closed, or when the process is.

    What is in it is a message as it came, still encrypted: plaintext never touches the disk.
    """

    __slots__ = ("_file",)

    def __init__(self, *, new_file: Callable[[], RawFile] = _temporary_file) -> None:
        """Open the file.

        Args:
            new_file: Where the message waits. Default: a file in the directory for temporary files.

        Raises:
            LimitExceeded: If there is no room for one.
        """
        with _room_for_it():
            self._file = new_file()

    def write(self, data: memoryview, /) -> None:
        """Put bytes behind the others.

        Args:
            data: The bytes.

        Raises:
            LimitExceeded: If the disk is full.
        """
        with _room_for_it():
            write_all(self._file, data)

    def rewind(self) -> None:
        """Go back to the first byte, to read."""
        with _room_for_it():
            self._file.seek(0)

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Read what comes next.

        Args:
            buffer: Where it goes.

        Returns:
            How many bytes there were.

        Raises:
            LimitExceeded: If the disk does not give them back.
        """
        with _room_for_it():
            return self._file.readinto(buffer)

    def read(self, size: int, /) -> bytes:
        """Read what comes next.

        Args:
            size: How many bytes at most.

        Returns:
            The bytes; empty at the end.
        """
        buffer = bytearray(size)
        return bytes(buffer[: self.readinto(memoryview(buffer)) or 0])

    def __enter__(self) -> Self:
        """Begin to use the spool."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Remove it, however the block ended."""
        self._file.close()


@contextmanager
def _room_for_it() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LimitExceeded(
            f"message must fit on the disk for temporary files while it is checked, got {error.strerror or 'an error'}"
        ) from error
