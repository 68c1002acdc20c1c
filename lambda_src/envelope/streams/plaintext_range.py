"""Which bytes of a plaintext are wanted."""

from dataclasses import dataclass
from typing import Self

from envelope.errors import InvalidRequest


@dataclass(frozen=True, slots=True)
class PlaintextRange:
    """A part of a plaintext of known length.

    Attributes:
        start: The first byte.
        stop: The byte behind the last one; `start` if there is none.
        needs_end: Whether another length of the plaintext would make another part of this.
    """

    start: int
    stop: int
    needs_end: bool

    @classmethod
    def of(cls, first: int, last: int | None, *, length: int) -> Self:
        """Find out what a range means, as with a slice: what lies past the end is not there, and that is no error.

        Args:
            first: The first byte, counted from zero. A negative number counts from the end.
            last: The last byte, which is included. None: the last one that there is.
            length: Length of the plaintext.

        Returns:
            The part.

        Raises:
            InvalidRequest: If `last` is before `first`, or comes with a negative `first`.

        Examples:
            >>> PlaintextRange.of(2, 4, length=10)
            PlaintextRange(start=2, stop=5, needs_end=False)
            >>> PlaintextRange.of(-3, None, length=10)
            PlaintextRange(start=7, stop=10, needs_end=True)
        """
        if last is not None and last < first:
            raise InvalidRequest(f"range must end at or behind its first byte {first}, got {last}")
        if first < 0 and last is not None:
            raise InvalidRequest(f"range from the end must have no last byte, got {last}")
        stop = length if last is None else min(last + 1, length)
        start = min(max(length + first, 0) if first < 0 else first, stop)
        return cls(start, stop, needs_end=last is None or last >= length)
