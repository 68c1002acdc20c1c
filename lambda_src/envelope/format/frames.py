"""The body of a message: its length, its final frame, or its one block. It knows no key."""

import struct
from typing import Final, TypeAlias

from envelope.errors import InvalidRequest, LimitExceeded, MalformedMessage
from envelope.limits import (
    FINAL_FRAME_MARK,
    FRAME_BYTES_MAX,
    NONCE_BYTES,
    SEQUENCE_BYTES,
    SEQUENCE_MAX,
    TAG_BYTES,
    UNFRAMED_BYTES_MAX,
    UNFRAMED_LENGTH,
)

Piece: TypeAlias = tuple[memoryview, memoryview, bytes, memoryview]
"""One AES-GCM operation: nonce, what goes in, associated data, where the result goes."""

_FINAL_HEAD = struct.Struct(">II8xII")  # mark, sequence number, nonce, content length
_NUMBERED = struct.Struct(">IQ")  # the end of the associated data: sequence number, content length
_BLOCK_LENGTH_BYTES = 8

# message-body-aad, "Body AAD Content"
_FINAL_LABEL = b"AWSKMSEncryptionClient Final Frame"
_BLOCK_LABEL = b"AWSKMSEncryptionClient Single Block"

FINAL_HEAD_BYTES: Final = _FINAL_HEAD.size
BLOCK_HEAD_BYTES: Final = NONCE_BYTES + _BLOCK_LENGTH_BYTES

REGULAR_OVERHEAD: Final = SEQUENCE_BYTES + NONCE_BYTES + TAG_BYTES
"""By how much a regular frame is longer than what is in it."""

FINAL_OVERHEAD: Final = FINAL_HEAD_BYTES + TAG_BYTES
"""By how much the final frame is longer than what is in it."""

_BLOCK_OVERHEAD = BLOCK_HEAD_BYTES + TAG_BYTES


def body_length(plaintext_length: int, *, frame_length: int) -> int:
    """Say how long the body of a message will be.

    The last frame is a full one when the frames come out even; only empty plaintext makes an empty frame.

    Args:
        plaintext_length: Bytes to encrypt.
        frame_length: Plaintext bytes of a regular frame.

    Returns:
        Bytes of all frames.

    Raises:
        InvalidRequest: If no frame can have that length.
        LimitExceeded: If there would be more frames than sequence numbers.

    Examples:
        >>> body_length(10, frame_length=4)
        114
    """
    if not 1 <= frame_length <= FRAME_BYTES_MAX:
        raise InvalidRequest(f"frame_length must be 1 to {FRAME_BYTES_MAX} bytes, got {frame_length}")
    regular = regular_frames(plaintext_length, frame_length=frame_length)
    if regular >= SEQUENCE_MAX:
        raise LimitExceeded(
            f"plaintext must be at most {SEQUENCE_MAX} frames of {frame_length} bytes, got {plaintext_length} bytes"
        )
    return plaintext_length + regular * REGULAR_OVERHEAD + FINAL_OVERHEAD


def regular_frames(plaintext_length: int, *, frame_length: int) -> int:
    """Say how many regular frames come before the final one, which is a full one when the frames come out even.

    Args:
        plaintext_length: Bytes to encrypt.
        frame_length: Plaintext bytes of a regular frame.

    Returns:
        Their number.
    """
    return max(plaintext_length - 1, 0) // frame_length


def split_body(body_length: int, *, frame_length: int) -> tuple[int, int]:
    """Divide the length of a body; there is only one division that fits the overheads of both kinds of frame.

    Args:
        body_length: Bytes of all frames.
        frame_length: Plaintext bytes of a regular frame.

    Returns:
        The number of regular frames, and plaintext bytes of the final one: not more than `frame_length`, or no body
        has that length.
    """
    return divmod(body_length - FINAL_OVERHEAD, frame_length + REGULAR_OVERHEAD)


def plaintext_length(body_length: int, *, frame_length: int) -> int:
    """Say how much plaintext a body holds, by its length alone.

    Args:
        body_length: Bytes behind the header.
        frame_length: What the header says; zero for a message without frames.

    Returns:
        Bytes of plaintext, never more than `body_length`.

    Raises:
        MalformedMessage: If no body has that length.
        LimitExceeded: If a frame is larger than one AES-GCM operation may be.
    """
    unframed = frame_length == UNFRAMED_LENGTH
    overhead = _BLOCK_OVERHEAD if unframed else FINAL_OVERHEAD
    if body_length < overhead:
        raise MalformedMessage(f"message body must be at least {overhead} bytes, got {body_length}")
    regular, rest = (0, body_length - overhead) if unframed else split_body(body_length, frame_length=frame_length)
    if rest > frame_length and not unframed:
        raise MalformedMessage(f"message body must be whole frames, got {body_length} bytes")
    largest = frame_length if regular else rest
    if largest > FRAME_BYTES_MAX:
        raise LimitExceeded(f"frames must be at most {FRAME_BYTES_MAX} bytes, got {largest}")
    return regular * frame_length + rest


def length_of_body(data: memoryview, *, frame_length: int) -> int:
    """Find the end of a body that something follows, by the lengths that its frames state.

    Args:
        data: Everything behind the header.
        frame_length: What the header says; zero for a message without frames.

    Returns:
        Bytes of the body.

    Raises:
        MalformedMessage: If the data end before the body does.
    """
    position = 0
    if frame_length == UNFRAMED_LENGTH:
        stated = data[NONCE_BYTES:BLOCK_HEAD_BYTES]
        end = _BLOCK_OVERHEAD + int.from_bytes(stated) if len(stated) == _BLOCK_LENGTH_BYTES else len(data) + 1
    else:
        final = FINAL_FRAME_MARK.to_bytes(4)
        while data[position : position + 4] != final and position < len(data):
            position += frame_length + REGULAR_OVERHEAD
        head = data[position : position + _FINAL_HEAD.size]
        complete = len(head) == _FINAL_HEAD.size
        end = position + FINAL_OVERHEAD + int.from_bytes(head[-4:]) if complete else len(data) + 1
    if end > len(data):
        raise MalformedMessage(f"message body must end with its final frame, got {len(data)} bytes without its end")
    return end


def final_to_seal(plaintext: memoryview, frame: memoryview, *, message_id: bytes, sequence: int) -> Piece:
    """Write the head of the final frame.

    Args:
        plaintext: What to encrypt.
        frame: Where the frame goes, exactly as long as it.
        message_id: The message id, which the frame is bound to.
        sequence: The number of frames in the message.

    Returns:
        What to encrypt, and where to.
    """
    length = len(plaintext)
    _FINAL_HEAD.pack_into(frame, 0, FINAL_FRAME_MARK, sequence, sequence, length)
    bound = message_id + _FINAL_LABEL + _NUMBERED.pack(sequence, length)
    return frame[8:20], plaintext, bound, frame[FINAL_HEAD_BYTES:]


def parse_final_head(head: memoryview, *, sequence: int, frame_length: int) -> int:
    """Read the beginning of what must be the final frame.

    Args:
        head: Its first bytes, as many as there are.
        sequence: The number that this frame must have.
        frame_length: What the header says.

    Returns:
        Plaintext bytes of the frame.

    Raises:
        MalformedMessage: If this is no final frame, or not the next one, or too long (message-body, "Final Frame").
    """
    if len(head) < SEQUENCE_BYTES:
        raise MalformedMessage(f"message body must end with its final frame, got {len(head)} bytes in place of it")
    mark = int.from_bytes(head[:SEQUENCE_BYTES])
    if mark == sequence != FINAL_FRAME_MARK:
        raise MalformedMessage("message body must end with its final frame, got a regular one")
    if mark != FINAL_FRAME_MARK:
        raise MalformedMessage(f"sequence number must be {sequence}, got {mark}")
    if len(head) < FINAL_HEAD_BYTES:
        raise MalformedMessage(f"head of the final frame must be {FINAL_HEAD_BYTES} bytes, got {len(head)}")
    _, found, _, length = _FINAL_HEAD.unpack_from(head)
    if found != sequence:
        raise MalformedMessage(f"sequence number of the final frame must be {sequence}, got {found}")
    if length > frame_length:
        raise MalformedMessage(f"content length of the final frame must be at most {frame_length}, got {length}")
    return int(length)


def final_to_open(frame: memoryview, plaintext: memoryview, *, message_id: bytes, sequence: int) -> Piece:
    """Find the parts of the final frame.

    Args:
        frame: The frame, whose head was parsed, and nothing behind it.
        plaintext: Where its plaintext goes, exactly as long as it.
        message_id: The message id, which the frame is bound to.
        sequence: The number of frames in the message.

    Returns:
        What to decrypt, and where to. The nonce is the one in the frame: some writers put other bytes than zeros
        before the sequence number, and it is the tag that decides.
    """
    bound = message_id + _FINAL_LABEL + _NUMBERED.pack(sequence, len(plaintext))
    return frame[8:20], frame[FINAL_HEAD_BYTES:], bound, plaintext


def parse_block_head(head: memoryview) -> int:
    """Read the beginning of a body without frames.

    Args:
        head: Its first bytes, as many as there are.

    Returns:
        Plaintext bytes of the block.

    Raises:
        MalformedMessage: If it is cut short, or longer than AES-GCM can be (message-body, "Non-Framed Data").
    """
    if len(head) < BLOCK_HEAD_BYTES:
        raise MalformedMessage(f"message body must be at least {_BLOCK_OVERHEAD} bytes, got {len(head)}")
    length = int.from_bytes(head[NONCE_BYTES:BLOCK_HEAD_BYTES])
    if length > UNFRAMED_BYTES_MAX:
        raise MalformedMessage(f"content length must be at most {UNFRAMED_BYTES_MAX}, got {length}")
    return length


def block_bound_to(message_id: bytes, *, length: int) -> bytes:
    """Say what the one block of a message is bound to.

    Args:
        message_id: The message id.
        length: Plaintext bytes of the block.

    Returns:
        The associated data.
    """
    return message_id + _BLOCK_LABEL + _NUMBERED.pack(1, length)
