"""Decrypting the frames of a stream in constant memory."""

from collections.abc import Callable, Iterator

from envelope.cipher.seal import MessageCipher
from envelope.cipher.wiping import wiped_after
from envelope.errors import MalformedMessage
from envelope.format.frames import FINAL_OVERHEAD, REGULAR_OVERHEAD, parse_final_head
from envelope.format.header import Header
from envelope.format.regular_frames import RegularFrames, batch_frames
from envelope.limits import SEQUENCE_MAX
from envelope.streams.intake import Intake

_FINAL_LONGER_BY = FINAL_OVERHEAD - REGULAR_OVERHEAD


def opened_frames(
    intake: Intake,
    *,
    header: Header,
    cipher: MessageCipher,
    follows: int | None,
    seen: Callable[[memoryview], None],
    check_end: Callable[[], None],
) -> Iterator[memoryview]:
    """Decrypt the frames of a message.

    Args:
        intake: What follows the header.
        header: The verified header, whose frame length was found small enough.
        cipher: The key of the message.
        follows: How many bytes that is at most, for a short message to take little memory. None: not known.
        seen: Told of all bytes of the body, before what is in them comes out.
        check_end: Called behind the final frame, before the last block comes out; raises if the message does not end
            as it should.

    Yields:
        Plaintext of which the tags were good, valid until the next block is asked for.

    Raises:
        MalformedMessage: If a frame is missing, repeated, out of order or cut short.
        NotAuthentic: If a frame was changed.
    """
    frame_length, message_id = header.frame_length, header.message_id
    capacity, stride = batch_frames(frame_length), frame_length + REGULAR_OVERHEAD
    batch = capacity * stride
    most = batch + _FINAL_LONGER_BY if follows is None else min(batch + _FINAL_LONGER_BY, follows)
    sealed = memoryview(bytearray(most))
    plaintext = memoryview(bytearray(min(capacity * frame_length, most)))
    got = intake.readinto(sealed[:batch])
    # No more frames are laid out than a short message has: that would cost more than to decrypt it.
    contents = plaintext[: got // stride * frame_length]
    frames = RegularFrames(sealed, contents, message_id=message_id, frame_length=frame_length)
    first = 1
    with wiped_after(plaintext):
        while (regular := frames.in_order(first, min(got // stride, SEQUENCE_MAX - first))) == capacity:
            cipher.open_regular(frames, count=capacity)
            seen(sealed[:batch])
            yield plaintext
            first += capacity
            got = intake.readinto(sealed[:batch])
        start, sequence = regular * stride, first + regular
        length = parse_final_head(sealed[start:got], sequence=sequence, frame_length=frame_length)
        end = start + FINAL_OVERHEAD + length
        if end > got:
            got += intake.readinto(sealed[got:end])
        if end > got:
            raise MalformedMessage(f"final frame must be {end - start} bytes, got {got - start}")
        intake.put_back(sealed[end:got])
        done = regular * frame_length + length
        cipher.open_regular(frames, count=regular)
        cipher.open_final(sealed[start:end], plaintext[done - length : done], message_id=message_id, sequence=sequence)
        seen(sealed[:end])
        check_end()
        yield plaintext[:done]
