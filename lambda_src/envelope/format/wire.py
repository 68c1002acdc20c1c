"""Big-endian bytes without meaning: a reader that never looks past its end, and a writer."""

from typing import Self, TypeAlias

from envelope.errors import MalformedMessage

Bytes: TypeAlias = bytes | bytearray | memoryview
"""What may be read from. Mutable buffers must not change while they are read."""


class Reader:
    r"""Takes fields from the front of some bytes and refuses to take what is not there.

    Every length is compared with what is left before anything is sliced or allocated.

    Attributes:
        position: Bytes that have been taken.
        cut_short: Whether something was asked for that was not there.

    Examples:
        >>> reader = Reader(b"\x00\x02hi")
        >>> reader.sized(2, field="greeting")
        b'hi'
        >>> reader.remaining
        0
    """

    def __init__(self, data: Bytes) -> None:
        """Start at the first byte.

        Args:
            data: What to read.
        """
        self._data = memoryview(data)
        self.position = 0
        self.cut_short = False

    @property
    def remaining(self) -> int:
        """Bytes that have not been taken."""
        return len(self._data) - self.position

    def take(self, length: int, *, field: str) -> bytes:
        """Take bytes.

        Args:
            length: How many.
            field: What they are, for the error text.

        Returns:
            A copy of them.

        Raises:
            MalformedMessage: If fewer are left.
        """
        if length > self.remaining:
            self.cut_short = True
            raise MalformedMessage(f"{field} must be {length} bytes at offset {self.position}, got {self.remaining}")
        start = self.position
        self.position += length
        return bytes(self._data[start : self.position])

    def peek(self, length: int) -> bytes:
        """Look at bytes without taking them.

        Args:
            length: How many, at most.

        Returns:
            A copy of them; fewer at the end.
        """
        return bytes(self._data[self.position : self.position + length])

    def since(self, start: int) -> bytes:
        """Give bytes that have been taken once more, in one piece.

        Args:
            start: The position where they begin; they end at the present one.

        Returns:
            A copy of them.
        """
        return bytes(self._data[start : self.position])

    def number(self, length: int, *, field: str) -> int:
        """Take an unsigned number.

        Args:
            length: Its bytes.
            field: What it is, for the error text.

        Returns:
            The number.

        Raises:
            MalformedMessage: If fewer bytes are left.
        """
        return int.from_bytes(self.take(length, field=field))

    def sized(self, length: int, *, field: str) -> bytes:
        """Take bytes that follow their own count.

        Args:
            length: Bytes of the count.
            field: What they are, for the error text.

        Returns:
            The bytes without their count.

        Raises:
            MalformedMessage: If count or bytes are cut short.
        """
        return self.take(self.number(length, field=f"length of {field}"), field=field)

    def finish(self, *, field: str) -> None:
        """Make sure that everything was taken.

        Args:
            field: What was read, for the error text.

        Raises:
            MalformedMessage: If bytes are left.
        """
        if self.remaining:
            raise MalformedMessage(f"{field} must end at offset {self.position}, got {self.remaining} more bytes")


class Writer:
    """Puts fields one behind the other.

    Examples:
        >>> Writer().number(2, 1).sized(2, b"hi").value.hex()
        '000100026869'
    """

    def __init__(self) -> None:
        """Start with nothing."""
        self._data = bytearray()

    @property
    def value(self) -> bytes:
        """Everything that was put."""
        return bytes(self._data)

    def put(self, data: Bytes) -> Self:
        """Put bytes.

        Args:
            data: What to put.

        Returns:
            This writer.
        """
        self._data += data
        return self

    def number(self, length: int, value: int) -> Self:
        """Put an unsigned number; one that does not fit is an `OverflowError`, never a shorter number.

        Args:
            length: Its bytes.
            value: The number.

        Returns:
            This writer.
        """
        return self.put(value.to_bytes(length))

    def sized(self, length: int, data: Bytes) -> Self:
        """Put bytes behind their own count.

        Args:
            length: Bytes of the count.
            data: What to put.

        Returns:
            This writer.
        """
        return self.number(length, len(data)).put(data)
