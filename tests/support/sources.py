"""Sources that give their bytes as sources in the wild do, and destinations that take them so."""

import io
from collections.abc import Callable
from itertools import cycle


class Dripping:
    """A source with a `read` and nothing else, which gives a few bytes at a time."""

    def __init__(self, data: bytes, *, sizes: tuple[int, ...] = (1, 7, 3)) -> None:
        """Give `data` in pieces of these sizes, over and over."""
        self._file, self._sizes = io.BytesIO(data), cycle(sizes)

    def read(self, size: int, /) -> bytes:
        """Give some."""
        return self._file.read(min(size, next(self._sizes)))


class Generated:
    """A source of any length that is never in memory, and says how much of it was read."""

    def __init__(self, length: int) -> None:
        """Give `length` bytes."""
        self._left, self.given = length, 0
        self._chunk = bytes(range(256)) * 256

    def readinto(self, buffer: memoryview, /) -> int:
        """Give the next ones."""
        size = min(self._left, len(buffer), len(self._chunk))
        buffer[:size] = self._chunk[:size]
        self._left -= size
        self.given += size
        return size

    def read(self, size: int, /) -> bytes:
        """Give the next ones, copied."""
        buffer = memoryview(bytearray(size))
        return bytes(buffer[: self.readinto(buffer)])


class BreaksOff:
    """A source that fails after its bytes."""

    def __init__(self, data: bytes, error: Exception) -> None:
        """Give `data`, then raise."""
        self._file, self._error = io.BytesIO(data), error

    def read(self, size: int, /) -> bytes:
        """Give some, or fail."""
        data = self._file.read(size)
        if not data:
            raise self._error
        return data


class Reluctant:
    """A destination that takes a few bytes at a time."""

    def __init__(self, *, most: int = 5) -> None:
        """Take at most so many at once."""
        self.taken, self._most = bytearray(), most

    def write(self, data: memoryview, /) -> int:
        """Take some."""
        self.taken += data[: self._most]
        return min(len(data), self._most)


class Recorded:
    """Gives ranges of a message, and records which."""

    def __init__(self, message: bytes | bytearray, *, change: Callable[[bytes], bytes] = bytes) -> None:
        """Give what `change` makes of each range."""
        self._message, self._change = bytes(message), change
        self.calls: list[tuple[int, int]] = []

    def __call__(self, first: int, last: int, /) -> bytes:
        """Give the bytes from `first` to `last`."""
        self.calls.append((first, last))
        assert 0 <= first <= last < len(self._message)
        return self._change(self._message[first : last + 1])
