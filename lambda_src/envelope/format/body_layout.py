"""Where each frame of a message lies, by the length of the message alone."""

from dataclasses import dataclass
from typing import Self

from envelope.errors import MalformedMessage
from envelope.format.frames import FINAL_OVERHEAD, REGULAR_OVERHEAD, split_body
from envelope.limits import SEQUENCE_MAX


@dataclass(frozen=True, slots=True)
class BodyLayout:
    """The frames of a message, counted from zero; the last one is the final frame.

    Nothing here is authentic until the frames are: a wrong length puts the final frame where none is.

    Attributes:
        header_length: Bytes before the first frame.
        frame_length: Plaintext bytes of a regular frame.
        regular: How many regular frames there are; so this is the place of the final frame.
        rest: Plaintext bytes of the final frame.

    Examples:
        >>> layout = BodyLayout.of(300, header_length=100, frame_length=40)
        >>> layout.regular, layout.rest, layout.plaintext_bytes
        (2, 16, 96)
        >>> layout.bytes_of(1, 2)
        (172, 299)
    """

    header_length: int
    frame_length: int
    regular: int
    rest: int

    @classmethod
    def of(cls, end: int, *, header_length: int, frame_length: int) -> Self:
        """Divide a message.

        Args:
            end: Where its body ends.
            header_length: Where its body starts.
            frame_length: Plaintext bytes of a regular frame.

        Returns:
            The layout.

        Raises:
            MalformedMessage: If no body has that length.
        """
        length = end - header_length
        regular, rest = split_body(length, frame_length=frame_length)
        if length < FINAL_OVERHEAD or rest > frame_length or regular >= SEQUENCE_MAX:
            raise MalformedMessage(f"message body must be whole frames, got {length} bytes")
        return cls(header_length, frame_length, regular, rest)

    @property
    def plaintext_bytes(self) -> int:
        """Length of the plaintext."""
        return self.regular * self.frame_length + self.rest

    @property
    def stride(self) -> int:
        """Bytes of a regular frame."""
        return self.frame_length + REGULAR_OVERHEAD

    def bytes_of(self, first: int, last: int) -> tuple[int, int]:
        """Say where frames lie.

        Args:
            first: The first frame.
            last: The last one.

        Returns:
            Their first and their last byte in the message.
        """
        start = self.header_length + first * self.stride
        final = FINAL_OVERHEAD + self.rest if last == self.regular else self.stride
        return start, self.header_length + last * self.stride + final - 1
