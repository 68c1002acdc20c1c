"""The body of a message that fits into one frame, whose place and number are known. It knows no key."""

from typing import Final

from envelope.format.frames import FINAL_OVERHEAD
from envelope.limits import FINAL_FRAME_MARK, FRAME_BYTES_MAX

ONLY_NONCE: Final = bytes(8) + (1).to_bytes(4)
"""The nonce of the first frame."""

_HEAD: Final = FINAL_FRAME_MARK.to_bytes(4) + (1).to_bytes(4) + ONLY_NONCE
_BOUND: Final = b"AWSKMSEncryptionClient Final Frame" + (1).to_bytes(4)  # message-body-aad, "Body AAD Content"

ONLY_HEAD_BYTES: Final = len(_HEAD) + 4


def only_head(length: int) -> bytes:
    """Write what comes before the ciphertext.

    Args:
        length: Plaintext bytes, at most the frame length.

    Returns:
        Mark, sequence number, nonce and content length.

    Examples:
        >>> only_head(5).hex(" ", 4)
        'ffffffff 00000001 00000000 00000000 00000001 00000005'
    """
    return _HEAD + length.to_bytes(4)


def only_bound_to(message_id: bytes, *, length: int) -> bytes:
    """Say what the frame is bound to.

    Args:
        message_id: The message id.
        length: Plaintext bytes.

    Returns:
        The associated data.
    """
    return message_id + _BOUND + length.to_bytes(8)


def is_only_frame(body: memoryview, *, frame_length: int) -> bool:
    """Say whether a body is one frame in the usual spelling.

    Args:
        body: Everything between header and footer.
        frame_length: What the header says.

    Returns:
        True if so. False says nothing: there may be more frames, an unusual nonce, or anything else.
    """
    length = len(body) - FINAL_OVERHEAD
    return 0 <= length <= frame_length <= FRAME_BYTES_MAX and body[:ONLY_HEAD_BYTES] == only_head(length)
