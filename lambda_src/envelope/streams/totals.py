"""How much went through a stream."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Totals:
    """What went through.

    Attributes:
        plaintext_bytes: Length of the plaintext.
        message_bytes: Length of the message.
    """

    plaintext_bytes: int
    message_bytes: int
