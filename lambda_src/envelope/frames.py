"""Frames: where each lies in a message body, its nonce and its associated data. It knows no key."""

import struct
from collections.abc import Iterator
from typing import TypeAlias

from envelope.errors import InvalidRequest, LimitExceeded, MalformedMessage
from envelope.limits import (
    FINAL_FRAME_MARK,
    FRAME_BYTES_MAX,
    NONCE_BYTES,
    SEQUENCE_MAX,
    TAG_BYTES,
    UNFRAMED_LENGTH,
)

Piece: TypeAlias = tuple[memoryview, memoryview, bytearray, memoryview]
"""One AES-GCM operation: nonce, what goes in, associated data, where the result goes.

The associated data is one buffer that the next piece changes: use it before asking for that.
"""

# The nonce of a frame is its sequence number behind eight zero bytes. A nonce this predictable is safe for one
# reason only: every message is encrypted under a key of its own. Zero belongs to the header tag.
_REGULAR_HEAD = struct.Struct(">I8xI")  # sequence number, nonce
_FINAL_HEAD = struct.Struct(">II8xII")  # mark, sequence number, nonce, content length
_BLOCK_HEAD_BYTES = NONCE_BYTES + 8  # nonce, content length

_NUMBER = struct.Struct(">I")
_TWO_NUMBERS = struct.Struct(">II")
_LONG_NUMBER = struct.Struct(">Q")
_NUMBERED = struct.Struct(">IQ")  # the end of the associated data: sequence number, content length

# message-body-aad, "Body AAD Content"
_REGULAR_LABEL = b"AWSKMSEncryptionClient Frame"
_FINAL_LABEL = b"AWSKMSEncryptionClient Final Frame"
_BLOCK_LABEL = b"AWSKMSEncryptionClient Single Block"

_REGULAR_OVERHEAD = _REGULAR_HEAD.size + TAG_BYTES
_FINAL_OVERHEAD = _FINAL_HEAD.size + TAG_BYTES
_BLOCK_OVERHEAD = _BLOCK_HEAD_BYTES + TAG_BYTES


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
    regular = _regular_frames(plaintext_length, frame_length)
    if regular >= SEQUENCE_MAX:
        raise LimitExceeded(
            f"plaintext must be at most {SEQUENCE_MAX} frames of {frame_length} bytes, got {plaintext_length} bytes"
        )
    return plaintext_length + regular * _REGULAR_OVERHEAD + _FINAL_OVERHEAD


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
    overhead = _BLOCK_OVERHEAD if unframed else _FINAL_OVERHEAD
    if body_length < overhead:
        raise MalformedMessage(f"message body must be at least {overhead} bytes, got {body_length}")
    regular, rest = (0, body_length - overhead) if unframed else _split(body_length, frame_length)
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
        stated = data[NONCE_BYTES:_BLOCK_HEAD_BYTES]
        end = _BLOCK_OVERHEAD + int.from_bytes(stated) if len(stated) == _LONG_NUMBER.size else len(data) + 1
    else:
        final = FINAL_FRAME_MARK.to_bytes(4)
        while data[position : position + 4] != final and position < len(data):
            position += frame_length + _REGULAR_OVERHEAD
        head = data[position : position + _FINAL_HEAD.size]
        complete = len(head) == _FINAL_HEAD.size
        end = position + _FINAL_OVERHEAD + int.from_bytes(head[-4:]) if complete else len(data) + 1
    if end > len(data):
        raise MalformedMessage(f"message body must end with its final frame, got {len(data)} bytes without its end")
    return end


def pieces_to_seal(plaintext: memoryview, body: memoryview, *, message_id: bytes, frame_length: int) -> Iterator[Piece]:
    """Lay the frames of a message out, one after the other.

    Args:
        plaintext: What to encrypt.
        body: Where the frames go: exactly `body_length` bytes.
        message_id: The message id, which each frame is bound to.
        frame_length: Plaintext bytes of a regular frame.

    Yields:
        What to encrypt for each frame, and where to; the rest of the frame is written already.
    """
    regular = _regular_frames(len(plaintext), frame_length)
    stride = frame_length + _REGULAR_OVERHEAD
    associated_data = _associated_data(message_id, _REGULAR_LABEL, 0, frame_length)
    at = len(associated_data) - _NUMBERED.size
    position = start = 0
    for sequence in range(1, regular + 1):
        _REGULAR_HEAD.pack_into(body, position, sequence, sequence)
        _NUMBER.pack_into(associated_data, at, sequence)
        stop = start + frame_length
        yield (
            body[position + 4 : position + 16],
            plaintext[start:stop],
            associated_data,
            body[position + 16 : position + stride],
        )
        position, start = position + stride, stop
    sequence = regular + 1
    rest = plaintext[start:]
    _FINAL_HEAD.pack_into(body, position, FINAL_FRAME_MARK, sequence, sequence, len(rest))
    yield (
        body[position + 8 : position + 20],
        rest,
        _associated_data(message_id, _FINAL_LABEL, sequence, len(rest)),
        body[position + _FINAL_HEAD.size :],
    )


def pieces_to_open(body: memoryview, plaintext: memoryview, *, message_id: bytes, frame_length: int) -> Iterator[Piece]:
    """Find the frames of a message, one after the other, and nothing else.

    Args:
        body: Everything behind the header.
        plaintext: Where the plaintext goes: exactly `plaintext_length` bytes.
        message_id: The message id, which each frame is bound to.
        frame_length: What the header says; zero for a message without frames.

    Yields:
        What to decrypt for each frame, and where to. The nonce is the one in the frame: some writers put other
        bytes than zeros before the sequence number, and it is the tag that decides.

    Raises:
        MalformedMessage: If a frame is missing, repeated or out of order, if there is no final frame or more
            than one, or if anything follows it (message-body, "Framed Data").
    """
    if frame_length == UNFRAMED_LENGTH:
        yield _block_to_open(body, plaintext, message_id)
        return
    regular, rest = _split(len(body), frame_length)
    stride = frame_length + _REGULAR_OVERHEAD
    associated_data = _associated_data(message_id, _REGULAR_LABEL, 0, frame_length)
    at = len(associated_data) - _NUMBERED.size
    position = start = 0
    for sequence in range(1, regular + 1):
        (found,) = _NUMBER.unpack_from(body, position)
        if found != sequence:
            _expect("sequence number", sequence, found)
        _NUMBER.pack_into(associated_data, at, sequence)
        stop = start + frame_length
        yield (
            body[position + 4 : position + 16],
            body[position + 16 : position + stride],
            associated_data,
            plaintext[start:stop],
        )
        position, start = position + stride, stop
    mark, found = _TWO_NUMBERS.unpack_from(body, position)
    _expect("final frame mark", FINAL_FRAME_MARK, mark)
    _expect("sequence number of the final frame", regular + 1, found)
    _expect("content length of the final frame", rest, _NUMBER.unpack_from(body, position + 20)[0])
    yield (
        body[position + 8 : position + 20],
        body[position + _FINAL_HEAD.size :],
        _associated_data(message_id, _FINAL_LABEL, regular + 1, rest),
        plaintext[start:],
    )


def _block_to_open(body: memoryview, plaintext: memoryview, message_id: bytes) -> Piece:
    _expect("content length", len(plaintext), _LONG_NUMBER.unpack_from(body, NONCE_BYTES)[0])
    return (
        body[:NONCE_BYTES],
        body[_BLOCK_HEAD_BYTES:],
        _associated_data(message_id, _BLOCK_LABEL, 1, len(plaintext)),
        plaintext,
    )


def _regular_frames(plaintext_length: int, frame_length: int) -> int:
    return max(plaintext_length - 1, 0) // frame_length


def _split(body_length: int, frame_length: int) -> tuple[int, int]:
    """Regular frames and plaintext bytes of the final one; the only division that fits both kinds of overhead."""
    return divmod(body_length - _FINAL_OVERHEAD, frame_length + _REGULAR_OVERHEAD)


def _associated_data(message_id: bytes, label: bytes, sequence: int, length: int) -> bytearray:
    return bytearray(message_id + label + _NUMBERED.pack(sequence, length))


def _expect(field: str, expected: int, found: int) -> None:
    if found != expected:
        raise MalformedMessage(f"{field} must be {expected}, got {found}")
