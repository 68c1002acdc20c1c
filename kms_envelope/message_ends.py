"""Where a message begins and where it ends: enough to say what is in it, whatever is between."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Self

from envelope.errors import MalformedMessage
from envelope.limits import HEADER_BYTES_MAX, SIGNATURE_BYTES_MAX
from kms_envelope.source import Source

_FRONT: Final = HEADER_BYTES_MAX + 1  # one more, so that a longer header is told from one that is cut short
_TAIL: Final = 2 + SIGNATURE_BYTES_MAX
_BLOCK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class MessageEnds:
    """Both ends of a message.

    Attributes:
        front: Its beginning, as long as a header may be.
        tail: Its end, as long as a footer may be.
        message_bytes: Length of all of it.
    """

    front: bytes = field(repr=False)
    tail: bytes = field(repr=False)
    message_bytes: int

    @classmethod
    def of(cls, message: Source) -> Self:
        """Read both ends.

        Args:
            message: The message. What comes through a pipe is read to its end.

        Returns:
            The ends.

        Raises:
            MalformedMessage: If there is nothing.
        """
        size = message.size
        if size is None:
            front, tail, size = _read_through(message)
        elif size:
            front = message.fetch(0, min(size, _FRONT) - 1)
            tail = message.fetch(max(size - _TAIL, 0), size - 1)
        if not size:
            raise MalformedMessage("message must have a header, got nothing")
        return cls(front=front, tail=tail, message_bytes=size)


def _read_through(message: Source) -> tuple[bytes, bytes, int]:
    front, tail, length = bytearray(), b"", 0
    for block in _blocks(message):
        front += block[: _FRONT - len(front)]
        tail = (tail + block)[-_TAIL:]
        length += len(block)
    return bytes(front), tail, length


def _blocks(message: Source) -> Iterator[bytes]:
    buffer = bytearray(_BLOCK)
    while count := message.readinto(buffer):
        yield bytes(memoryview(buffer)[:count])
