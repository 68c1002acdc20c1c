"""How the body of a message is divided, by arithmetic on its length: no key, and nothing is verified."""

from dataclasses import dataclass
from typing import Final, Self

from envelope.errors import MalformedMessage
from envelope.format.frames import plaintext_length, split_body
from envelope.format.header import UnverifiedHeader
from envelope.limits import SIGNATURE_BYTES_MAX, UNFRAMED_LENGTH
from kms_envelope.message_ends import MessageEnds

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
    def of(cls, ends: MessageEnds, *, header: UnverifiedHeader) -> Self:
        """Divide what follows a header.

        Args:
            ends: The message.
            header: Its header.

        Returns:
            The layout.

        Raises:
            MalformedMessage: If no body has that length.
        """
        footer_bytes = 0 if header.suite.signature is None else _footer_bytes(ends.tail)
        body_bytes = ends.message_bytes - header.length - footer_bytes
        plaintext_bytes = plaintext_length(body_bytes, frame_length=header.frame_length)
        if header.frame_length == UNFRAMED_LENGTH:
            return cls(frames=0, plaintext_bytes=plaintext_bytes)
        regular, _ = split_body(body_bytes, frame_length=header.frame_length)
        return cls(frames=regular + 1, plaintext_bytes=plaintext_bytes)


def _footer_bytes(tail: bytes) -> int:
    """Find the footer from behind: two bytes that say how much follows, and a signature that says so once more.

    Args:
        tail: The end of the message.

    Returns:
        Length of the footer.

    Raises:
        MalformedMessage: If it does not end like that.
    """
    for length in range(8, min(SIGNATURE_BYTES_MAX, len(tail) - 2) + 1):
        start = len(tail) - length
        stated = int.from_bytes(tail[start - 2 : start])
        if stated == length and tail[start] == _SEQUENCE and tail[start + 1] == length - 2:
            return 2 + length
    raise MalformedMessage("message must end with a signature, got something else")
