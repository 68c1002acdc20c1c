"""How the body of a message is divided, by its length and by what stands where the last part must begin.

No key is used, and nothing is verified. But a message that was cut off, even between two frames, is found out.
"""

from dataclasses import dataclass
from typing import Final, Self

from envelope.errors import MalformedMessage
from envelope.format.body_layout import BodyLayout
from envelope.format.frames import (
    BLOCK_HEAD_BYTES,
    FINAL_HEAD_BYTES,
    parse_block_head,
    parse_final_head,
    plaintext_length,
)
from envelope.limits import FOOTER_LENGTH_BYTES, SIGNATURE_BYTES_MAX, UNFRAMED_LENGTH
from kms_envelope.message_ends import FOOTER_BYTES_MAX, MessageEnds

_SEQUENCE: Final = 0x30  # what a DER signature begins with; its own length follows


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """The division of a body.

    Attributes:
        frames: How many frames; 0 for a message in one block.
        plaintext_bytes: Length of the plaintext.
    """

    frames: int
    plaintext_bytes: int

    @classmethod
    def of(cls, ends: MessageEnds) -> Self:
        """Divide what follows a header.

        Args:
            ends: The message.

        Returns:
            The layout.

        Raises:
            EnvelopeError: If no body has that length, or if there is no final frame where it must be.
        """
        header = ends.header
        end = ends.message_bytes
        if header.suite.signature is not None:
            end -= _footer_bytes(ends.fetch(max(end - FOOTER_BYTES_MAX, 0), end - 1))
        if header.frame_length == UNFRAMED_LENGTH:
            return cls(frames=0, plaintext_bytes=_block_bytes(ends, end))
        layout = BodyLayout.of(end, header_length=header.length, frame_length=header.frame_length)
        start, last = layout.bytes_of(layout.regular, layout.regular)
        head = memoryview(ends.fetch(start, min(start + FINAL_HEAD_BYTES - 1, last)))
        stated = parse_final_head(head, sequence=layout.regular + 1, frame_length=header.frame_length)
        _check_stated(stated, layout.rest)
        return cls(frames=layout.regular + 1, plaintext_bytes=layout.plaintext_bytes)


def _block_bytes(ends: MessageEnds, end: int) -> int:
    start = ends.header.length
    length = plaintext_length(end - start, frame_length=UNFRAMED_LENGTH)
    _check_stated(parse_block_head(memoryview(ends.fetch(start, start + BLOCK_HEAD_BYTES - 1))), length)
    return length


def _check_stated(stated: int, found: int) -> None:
    if stated != found:
        raise MalformedMessage(f"content length must be that of the message, {found}, got {stated}")


def _footer_bytes(tail: bytes) -> int:
    """Find the footer from behind: two bytes that say how much follows, and a signature that says so once more.

    Args:
        tail: The end of the message.

    Returns:
        Length of the footer.

    Raises:
        MalformedMessage: If it does not end like that.
    """
    for length in range(8, min(SIGNATURE_BYTES_MAX, len(tail) - FOOTER_LENGTH_BYTES) + 1):
        start = len(tail) - length
        stated = int.from_bytes(tail[start - FOOTER_LENGTH_BYTES : start])
        if stated == length and tail[start] == _SEQUENCE and tail[start + 1] == length - 2:
            return FOOTER_LENGTH_BYTES + length
    raise MalformedMessage("message must end with a signature, got something else")
