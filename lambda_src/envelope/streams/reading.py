"""Blocks as a file that can be read, for what takes files."""

import io
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class BlockReader(io.RawIOBase):
    """A file of which the content comes in blocks.

    Reads are never short before the end, unlike those of other raw files: whoever cuts an upload into parts relies on
    it. An error of the blocks comes out of the read that met it, and of every later one.

    Closing it closes the blocks, which overwrites their plaintext. It does not read to the end: whoever closes a
    decrypted message before a read has returned nothing has not noticed whether it was cut off.

    Examples:
        >>> reader = BlockReader(iter([memoryview(b"at"), memoryview(b"tack")]))
        >>> reader.read(3), reader.read(10), reader.read(10)
        (b'att', b'ack', b'')
    """

    def __init__(self, blocks: Iterator[memoryview]) -> None:
        """Read blocks one after the other.

        Args:
            blocks: The blocks, each valid until the next one is asked for.
        """
        super().__init__()
        self._blocks = blocks
        self._rest = memoryview(b"")
        self._failure: BaseException | None = None

    def readable(self) -> bool:
        """Say that this can be read.

        Returns:
            True.
        """
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Read until a buffer is full or the blocks are at their end.

        Args:
            buffer: Where the bytes go.

        Returns:
            How many there were.

        Raises:
            BaseException: What the blocks raise.
            ValueError: If it was closed.
        """
        if self.closed:
            # Else it would look like the end.
            raise ValueError("reader must be open, got a closed one")
        if self._failure is not None:
            raise self._failure
        wanted, done = memoryview(buffer).cast("B"), 0
        while done < len(wanted):
            if not len(self._rest):
                following = self._next()
                if following is None:
                    break
                self._rest = following
            size = min(len(self._rest), len(wanted) - done)
            wanted[done : done + size] = self._rest[:size]
            self._rest, done = self._rest[size:], done + size
        return done

    def close(self) -> None:
        """Close the blocks."""
        self._rest = memoryview(b"")
        if isinstance(self._blocks, Generator):
            self._blocks.close()
        super().close()

    def _next(self) -> memoryview | None:
        try:
            return next(self._blocks, None)
        except BaseException as error:
            # A generator that has failed once says afterwards that it is at its end.
            self._failure = error
            raise
