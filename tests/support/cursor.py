"""Bytes from front to back, for readers that are not ours."""


class Short(Exception):  # noqa: N818  # it says what is wrong
    """There are fewer bytes than wanted."""


class Cursor:
    """Takes fields and stands behind the last one."""

    def __init__(self, data: bytes, position: int = 0) -> None:
        """Begin at `position`."""
        self.data, self.position = data, position

    def take(self, length: int) -> bytes:
        """Take bytes."""
        if length > len(self.data) - self.position:
            raise Short
        self.position += length
        return self.data[self.position - length : self.position]

    def number(self, length: int) -> int:
        """Take a big-endian number."""
        return int.from_bytes(self.take(length))

    def sized(self) -> bytes:
        """Take bytes behind their two-byte count."""
        return self.take(self.number(2))
