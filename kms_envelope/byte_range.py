"""A range of bytes, as HTTP spells it: `0-99`, `100-` and `-100`."""

import re
from dataclasses import dataclass
from typing import Final, Self

_SPELLING: Final = re.compile(r"(\d*)-(\d*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Which bytes of a plaintext, as `envelope.streams.ranges` counts them.

    Attributes:
        first: The first byte, counted from zero; a negative number counts from the end.
        last: The last byte, which is one of them. None: the last one that there is.

    Examples:
        >>> ByteRange.parse("100-199")
        ByteRange(first=100, last=199)
        >>> ByteRange.parse("-20")
        ByteRange(first=-20, last=None)
    """

    first: int
    last: int | None

    def at_most(self, message_bytes: int) -> int:
        """Say how many bytes there can be in this range.

        Args:
            message_bytes: Length of the message, which is longer than its plaintext.

        Returns:
            At least as many as there will be.

        Examples:
            >>> ByteRange(100, 199).at_most(1000), ByteRange(-20, None).at_most(1000)
            (100, 20)
        """
        if self.first < 0:
            return min(-self.first, message_bytes)
        last = message_bytes - 1 if self.last is None else min(self.last, message_bytes - 1)
        return max(last - self.first + 1, 0)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what a command line says.

        Args:
            text: `FIRST-LAST`, `FIRST-` or `-COUNT`.

        Returns:
            The range.

        Raises:
            ValueError: If it is anything else, or can hold no byte.
        """
        found = _SPELLING.fullmatch(text)
        first, last = (int(number) if number else None for number in found.groups()) if found else (None, None)
        if first is None and last:
            return cls(-last, None)
        if first is not None and (last is None or first <= last):
            return cls(first, last)
        raise ValueError(f"range must be FIRST-LAST, FIRST- or -COUNT, got {text}")
