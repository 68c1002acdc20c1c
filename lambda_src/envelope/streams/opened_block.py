"""Decrypting the one block of a message without frames, piece by piece."""

from collections.abc import Callable, Iterator

from envelope.cipher.seal import BLOCK_SLACK_BYTES, MessageCipher
from envelope.cipher.wiping import wiped_after
from envelope.errors import MalformedMessage
from envelope.format.frames import BLOCK_HEAD_BYTES, parse_block_head
from envelope.format.header import Header
from envelope.limits import BATCH_BYTES, TAG_BYTES
from envelope.streams.intake import Intake


def opened_block(
    intake: Intake,
    *,
    header: Header,
    cipher: MessageCipher,
    follows: int | None,  # noqa: ARG001  # as for frames; a block says its own length
    seen: Callable[[memoryview], None],
    check_end: Callable[[], None],
) -> Iterator[memoryview]:
    """Decrypt a body without frames, of which nothing is known to be genuine until this has come to its end.

    Args:
        intake: What follows the header.
        header: The verified header.
        cipher: The key of the message.
        follows: Not looked at.
        seen: Told of all bytes of the body, before what is in them comes out.
        check_end: Called behind the tag; raises if the message does not end as it should.

    Yields:
        Plaintext that may be anybody's, valid until the next piece is asked for.

    Raises:
        MalformedMessage: If the body is cut short.
        NotAuthentic: If the body was changed.
    """
    head = memoryview(intake.read(BLOCK_HEAD_BYTES))
    left = length = parse_block_head(head)
    seen(head)
    opening = cipher.begin_block(head, message_id=header.message_id, length=length)
    at_once = min(length, BATCH_BYTES)
    sealed = memoryview(bytearray(at_once))
    plaintext = memoryview(bytearray(at_once + BLOCK_SLACK_BYTES))
    with wiped_after(plaintext):
        while left:
            size = min(left, at_once)
            if intake.readinto(sealed[:size]) < size:
                raise MalformedMessage(f"message body must hold {length} bytes, got fewer")
            opening.update(sealed[:size], plaintext[: size + BLOCK_SLACK_BYTES])
            seen(sealed[:size])
            left -= size
            if left:
                yield plaintext[:size]
        tag = memoryview(intake.read(TAG_BYTES))
        if len(tag) < TAG_BYTES:
            raise MalformedMessage(f"tag must be {TAG_BYTES} bytes, got {len(tag)}")
        opening.finish(tag)
        seen(tag)
        check_end()
        # The last piece only now: whoever counts the bytes that come out must not take the message for complete.
        if length:
            yield plaintext[:size]
