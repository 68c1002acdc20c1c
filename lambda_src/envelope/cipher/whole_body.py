"""All frames of a message in memory, at once."""

from envelope.cipher.seal import MessageCipher
from envelope.cipher.wiping import wipe, wiped_on_failure
from envelope.errors import MalformedMessage
from envelope.format.frames import (
    FINAL_OVERHEAD,
    REGULAR_OVERHEAD,
    parse_block_head,
    parse_final_head,
    plaintext_length,
    regular_frames,
    split_body,
)
from envelope.format.header import Header
from envelope.format.only_frame import is_only_frame
from envelope.format.regular_frames import RegularFrames, batch_frames
from envelope.limits import UNFRAMED_LENGTH


def seal_body(
    plaintext: memoryview, body: memoryview, *, cipher: MessageCipher, message_id: bytes, frame_length: int
) -> None:
    """Encrypt plaintext into all frames of a message.

    Args:
        plaintext: What to encrypt.
        body: Where the frames go: exactly `frames.body_length` bytes, zeros.
        cipher: The key of the message.
        message_id: The message id.
        frame_length: Plaintext bytes of a regular frame.
    """
    at_once, stride = batch_frames(frame_length), frame_length + REGULAR_OVERHEAD
    regular = regular_frames(len(plaintext), frame_length=frame_length)
    for done in range(0, regular, at_once):
        count = min(regular - done, at_once)
        content = plaintext[done * frame_length : (done + count) * frame_length]
        frames = RegularFrames(body[done * stride :], content, message_id=message_id, frame_length=frame_length)
        cipher.seal_regular(frames, first=done + 1, count=count)
    rest, final = plaintext[regular * frame_length :], body[regular * stride :]
    cipher.seal_final(rest, final, message_id=message_id, sequence=regular + 1)


def open_body(body: memoryview, *, cipher: MessageCipher, header: Header) -> bytearray:
    """Decrypt the body of a message, all of it or nothing.

    Args:
        body: Everything between header and footer.
        cipher: The key of the message.
        header: Its verified header.

    Returns:
        The plaintext, after the last frame was found genuine and at the end.

    Raises:
        NotAuthentic: If a frame was changed.
        MalformedMessage: If the frames are not exactly one body (message-body, "Framed Data").
        LimitExceeded: If a frame is larger than one AES-GCM operation may be.
    """
    if is_only_frame(body, frame_length=header.frame_length):
        return _open_only(body, cipher=cipher, message_id=header.message_id)
    plaintext = bytearray(plaintext_length(len(body), frame_length=header.frame_length))
    with wiped_on_failure(plaintext), memoryview(plaintext) as contents:
        if header.frame_length == UNFRAMED_LENGTH:
            _open_block(body, contents, cipher=cipher, message_id=header.message_id)
        else:
            _open_frames(body, contents, cipher=cipher, header=header)
    return plaintext


def _open_only(body: memoryview, *, cipher: MessageCipher, message_id: bytes) -> bytearray:
    plaintext = bytearray(len(body) - FINAL_OVERHEAD)
    try:
        cipher.open_only(body, plaintext, message_id=message_id)
    except BaseException:
        wipe(plaintext)
        raise
    return plaintext


def _open_frames(body: memoryview, contents: memoryview, *, cipher: MessageCipher, header: Header) -> None:
    message_id, frame_length = header.message_id, header.frame_length
    at_once, stride = batch_frames(frame_length), frame_length + REGULAR_OVERHEAD
    regular, rest = split_body(len(body), frame_length=frame_length)
    for done in range(0, regular, at_once):
        count = min(regular - done, at_once)
        content = contents[done * frame_length : (done + count) * frame_length]
        frames = RegularFrames(body[done * stride :], content, message_id=message_id, frame_length=frame_length)
        found = frames.in_order(done + 1, count)
        if found < count:
            raise MalformedMessage(f"sequence number must be {done + 1 + found}, got {frames.number(found)}")
        cipher.open_regular(frames, count=count)
    final, sequence = body[regular * stride :], regular + 1
    length = parse_final_head(final, sequence=sequence, frame_length=frame_length)
    if length != rest:
        raise MalformedMessage(f"content length of the final frame must be {rest}, got {length}")
    cipher.open_final(final, contents[regular * frame_length :], message_id=message_id, sequence=sequence)


def _open_block(body: memoryview, contents: memoryview, *, cipher: MessageCipher, message_id: bytes) -> None:
    length = parse_block_head(body)
    if length != len(contents):
        raise MalformedMessage(f"content length must be {len(contents)}, got {length}")
    cipher.open_block(body, contents, message_id=message_id)
