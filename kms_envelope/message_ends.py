"""What of a message is looked at without a key: its header, its length, and the bytes near its end."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, Self

from envelope.errors import LimitExceeded
from envelope.format.frames import BLOCK_HEAD_BYTES, FINAL_OVERHEAD
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import CommitmentPolicy
from envelope.limits import FOOTER_LENGTH_BYTES, HEADER_BYTES_MAX, READ_FRAME_BYTES_MAX, SIGNATURE_BYTES_MAX
from kms_envelope.source import Source

ANY_MESSAGE: Final = CommitmentPolicy.UNSAFE_ALLOW_WITHOUT_DERIVATION
"""Nothing is decrypted here, so that every header may be looked at."""

FOOTER_BYTES_MAX: Final = FOOTER_LENGTH_BYTES + SIGNATURE_BYTES_MAX
"""The longest footer."""

_FRONT: Final = HEADER_BYTES_MAX + BLOCK_HEAD_BYTES
"""A header and how a body without frames begins; and so a longer header is told from one that is cut short."""

_BLOCK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class MessageEnds:
    """Both ends of a message.

    Attributes:
        header: The header as it came.
        message_bytes: Length of all of it.
        fetch: Gives bytes from a first one to a last one, of a pipe only those that this package asks for.
    """

    header: UnverifiedHeader
    message_bytes: int
    fetch: Callable[[int, int], bytes] = field(repr=False, compare=False)

    @classmethod
    def of(cls, message: Source) -> Self:
        """Read both ends.

        Args:
            message: The message, which stays open while the ends are looked at. What comes through a pipe is read to
                its end.

        Returns:
            The ends.

        Raises:
            EnvelopeError: If there is no header of a message.
        """
        size = message.size
        if size is None:
            return cls._of_pipe(message)
        front = message.fetch(0, min(size, _FRONT) - 1) if size else b""
        return cls(UnverifiedHeader.parse(front, policy=ANY_MESSAGE), size, message.fetch)

    @classmethod
    def _of_pipe(cls, message: Source) -> Self:
        front, blocks = bytearray(), _blocks(message)
        while len(front) < _FRONT and (block := next(blocks, b"")):
            front += block
        header = UnverifiedHeader.parse(front, policy=ANY_MESSAGE)
        kept = _Kept(bytes(front), tail=header.frame_length + FINAL_OVERHEAD + FOOTER_BYTES_MAX)
        for block in blocks:
            kept.append(block)
        return cls(header, kept.end, kept.fetch)


class _Kept:
    """The first bytes of a stream, and its last ones."""

    def __init__(self, front: bytes, *, tail: int) -> None:
        # Longer frames are not decrypted either, and what a header says must not decide how much memory is taken.
        self._at_least = min(tail, READ_FRAME_BYTES_MAX + FINAL_OVERHEAD + FOOTER_BYTES_MAX)
        self._front = front
        self._blocks = deque([front])
        self._held = self.end = len(front)

    def append(self, block: bytes) -> None:
        self._blocks.append(block)
        self.end += len(block)
        self._held += len(block)
        while self._held - len(self._blocks[0]) >= self._at_least:
            self._held -= len(self._blocks.popleft())

    def fetch(self, first: int, last: int) -> bytes:
        if last < len(self._front):
            return self._front[first : last + 1]
        start = self.end - self._held
        if first < start:
            raise LimitExceeded(
                f"frames must be at most {READ_FRAME_BYTES_MAX} bytes to be looked at in a pipe, got longer ones"
            )
        return b"".join(self._blocks)[first - start : last - start + 1]


def _blocks(message: Source) -> Iterator[bytes]:
    buffer = bytearray(_BLOCK)
    while count := message.readinto(buffer):
        yield bytes(memoryview(buffer)[:count])
