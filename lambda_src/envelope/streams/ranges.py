"""Parts of a large message, decrypted without the rest of it.

What is authenticated: the header with the encryption context, each frame that holds some of the range, and the place of
that frame in the message; so the bytes are those that the writer put at that very place. A range that is counted from
the end, or that reaches past it, authenticates the end too.

What is not: frames that were not fetched. They may be missing or damaged. Nor the signature of a signed message, which
covers all of it. And no message says that it is the newest one of its name.
"""

from collections.abc import Callable, Iterator
from enum import Enum
from typing import TypeAlias

from envelope.cipher.seal import MessageCipher
from envelope.cipher.wiping import wiped_after, wiped_on_failure
from envelope.errors import InvalidRequest, LimitExceeded, MalformedMessage
from envelope.format.body_layout import BodyLayout
from envelope.format.expected_context import ExpectedContext
from envelope.format.frames import parse_final_head
from envelope.format.header import Header
from envelope.format.regular_frames import RegularFrames
from envelope.format.suites import CommitmentPolicy
from envelope.keys.materials import DataKeys
from envelope.limits import (
    BATCH_FRAMES_MAX,
    FOOTER_LENGTH_BYTES,
    RANGE_FETCH_BYTES,
    READ_FRAME_BYTES_MAX,
    SIGNATURE_BYTES_MAX,
    UNFRAMED_LENGTH,
)
from envelope.streams.header_reading import read_header
from envelope.streams.plaintext_range import PlaintextRange
from envelope.unlock import unlock

Fetch: TypeAlias = Callable[[int, int], bytes]
"""Gives the bytes of a message from a first one to a last one, which is included."""

_STRICT = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT


class SignedRanges(Enum):
    """What becomes of a range of a signed message. Its signature covers the whole message, and nothing less."""

    REFUSED = "signed messages must be read whole"

    UNSAFE_UNSIGNED = "the signature is not looked at"
    """Then whoever can decrypt the message can also have forged it, as with a message that is not signed."""


def decrypt_range(
    fetch: Fetch,
    *,
    message_bytes: int,
    first: int,
    last: int | None,
    keys: DataKeys,
    context: ExpectedContext,
    policy: CommitmentPolicy = _STRICT,
    signed: SignedRanges = SignedRanges.REFUSED,
    max_frame_bytes: int = READ_FRAME_BYTES_MAX,
) -> bytearray:
    """Decrypt a part of a message into memory: as `range_blocks`, all of it or nothing.

    Args:
        fetch: Gives bytes of the message.
        message_bytes: Length of the message.
        first: The first byte of plaintext, counted from zero. A negative number counts from the end.
        last: The last byte, which is included. None: the last one that there is.
        keys: Who can decrypt the data key.
        context: What the caller expects the message to be bound to.
        policy: Which suites are read. Default: those with key commitment.
        signed: What becomes of a signed message. Default: it is refused.
        max_frame_bytes: The longest frame that memory is taken for, twice. Default: 64 MiB.

    Returns:
        The plaintext; less than was asked for, or nothing, where the plaintext ends before.
    """
    part = bytearray()
    with wiped_on_failure(part):
        for block in range_blocks(
            fetch,
            message_bytes=message_bytes,
            first=first,
            last=last,
            keys=keys,
            context=context,
            policy=policy,
            signed=signed,
            max_frame_bytes=max_frame_bytes,
        ):
            part += block
    return part


def range_blocks(
    fetch: Fetch,
    *,
    message_bytes: int,
    first: int,
    last: int | None,
    keys: DataKeys,
    context: ExpectedContext,
    policy: CommitmentPolicy = _STRICT,
    signed: SignedRanges = SignedRanges.REFUSED,
    max_frame_bytes: int = READ_FRAME_BYTES_MAX,
) -> Iterator[memoryview]:
    """Decrypt a part of a message in constant memory.

    The header is fetched first, 8 KiB of the message, and then the frames that hold the range, in pieces of 2 MiB or of
    one frame if that is longer. A range that depends on where the plaintext ends has its final frame checked before
    any of it comes out. The beginning of this module says what a range authenticates.

    Args:
        fetch: Gives bytes of the message, always of the same one: name the version of an object.
        message_bytes: Length of the message.
        first: The first byte of plaintext, counted from zero. A negative number counts from the end.
        last: The last byte, which is included. None: the last one that there is.
        keys: Who can decrypt the data key.
        context: What the caller expects the message to be bound to.
        policy: Which suites are read. Default: those with key commitment.
        signed: What becomes of a signed message. Default: it is refused.
        max_frame_bytes: The longest frame that memory is taken for, twice. Default: 64 MiB.

    Returns:
        The plaintext in blocks, each valid until the next one is asked for, and overwritten then.

    Raises:
        InvalidRequest: If the range is none, if the message is signed, or if it has no frames.
        LimitExceeded: If the frames are too long.
        MalformedMessage: If the message breaks the format, or if there is less of it than `message_bytes`.
        NotAuthentic: If header or frames were changed, or if key or context are others.
    """
    # Before anything is fetched: what is no range of any plaintext.
    PlaintextRange.of(first, last, length=0)

    def fetched(start: int, end: int) -> bytes:
        data = fetch(start, end)
        if len(data) != end - start + 1:
            raise MalformedMessage(f"message must be {message_bytes} bytes, got {start + len(data)}")
        return data

    def beginning(length: int) -> bytes:
        return fetched(0, min(length, message_bytes) - 1) if message_bytes else b""

    claimed, data = read_header(beginning, policy=policy)
    header, cipher = unlock(claimed, keys=keys, context=context)
    _check_header(header, signed=signed, max_frame_bytes=max_frame_bytes)

    def from_message(start: int, end: int) -> bytes:
        return data[start : end + 1] if end < len(data) else fetched(start, end)

    end = message_bytes - _footer_bytes(header, from_message, message_bytes=message_bytes)
    layout = BodyLayout.of(end, header_length=header.length, frame_length=header.frame_length)
    wanted = PlaintextRange.of(first, last, length=layout.plaintext_bytes)
    return _FrameReader(from_message, layout, header=header, cipher=cipher).blocks(wanted)


class _FrameReader:
    """Fetches frames and decrypts them."""

    def __init__(self, fetch: Fetch, layout: BodyLayout, *, header: Header, cipher: MessageCipher) -> None:
        self._fetch, self._layout, self._header, self._cipher = fetch, layout, header, cipher
        self._at_once = max(RANGE_FETCH_BYTES // layout.stride, 1)

    def blocks(self, wanted: PlaintextRange) -> Iterator[memoryview]:
        layout, length, at_once = self._layout, self._layout.frame_length, self._at_once
        first = wanted.start // length
        last = max((wanted.stop - 1) // length, first)
        if wanted.needs_end:
            last = layout.regular
            first = min(first, last)
        elif wanted.start == wanted.stop:
            return
        plaintext = memoryview(bytearray(min(at_once, last - first + 1) * length))
        with wiped_after(plaintext):
            if wanted.needs_end and last - first >= at_once:
                self._open(last, last, plaintext)
            for start in range(first, last + 1, at_once):
                stop = min(start + at_once - 1, last)
                held = self._open(start, stop, plaintext)
                offset = start * length
                block = plaintext[max(wanted.start - offset, 0) : min(wanted.stop - offset, held)]
                if len(block):
                    yield block

    def _open(self, first: int, last: int, plaintext: memoryview) -> int:
        # Frames that lie side by side; the length of what is in them comes back.
        layout, header = self._layout, self._header
        length, message_id = header.frame_length, header.message_id
        sealed = memoryview(self._fetch(*layout.bytes_of(first, last)))
        count = last - first + (last != layout.regular)
        for start in range(0, count, BATCH_FRAMES_MAX):
            stop = min(start + BATCH_FRAMES_MAX, count)
            self._open_regular(
                sealed[start * layout.stride : stop * layout.stride],
                plaintext[start * length : stop * length],
                sequence=first + 1 + start,
            )
        if last != layout.regular:
            return count * length
        final, sequence = sealed[count * layout.stride :], last + 1
        found = parse_final_head(final, sequence=sequence, frame_length=length)
        if found != layout.rest:
            raise MalformedMessage(f"content length of the final frame must be {layout.rest}, got {found}")
        rest = plaintext[count * length : count * length + found]
        self._cipher.open_final(final, rest, message_id=message_id, sequence=sequence)
        return count * length + found

    def _open_regular(self, sealed: memoryview, contents: memoryview, *, sequence: int) -> None:
        # No more than a stream has at a time: whoever lays frames out needs far more memory than a very small one has.
        length = self._header.frame_length
        count = len(contents) // length
        frames = RegularFrames(sealed, contents, message_id=self._header.message_id, frame_length=length)
        found = frames.in_order(sequence, count)
        if found < count:
            raise MalformedMessage(f"sequence number must be {sequence + found}, got {frames.number(found)}")
        self._cipher.open_regular(frames, count=count)


def _check_header(header: Header, *, signed: SignedRanges, max_frame_bytes: int) -> None:
    if header.frame_length == UNFRAMED_LENGTH:
        raise InvalidRequest("message must be in frames to read a range of it, got one block: read it whole")
    if header.suite.signature is not None and signed is SignedRanges.REFUSED:
        raise InvalidRequest("message must not be signed to read a range of it, got a signed one: read it whole")
    if header.frame_length > max_frame_bytes:
        raise LimitExceeded(f"frame length must be at most {max_frame_bytes} bytes, got {header.frame_length}")


def _footer_bytes(header: Header, fetch: Fetch, *, message_bytes: int) -> int:
    # The length of a signature stands before it, and nothing says where that is. A wrong guess is found out by the
    # frames: where it puts the final frame, there is none.
    scheme = header.suite.signature
    if scheme is None:
        return 0
    most = min(FOOTER_LENGTH_BYTES + SIGNATURE_BYTES_MAX, message_bytes - header.length)
    tail = fetch(message_bytes - most, message_bytes - 1)
    usual_first = sorted(range(1, most - 1), key=lambda length: abs(length - scheme.signature_bytes))
    for length in usual_first:
        footer = FOOTER_LENGTH_BYTES + length
        if tail[-footer : len(tail) - length] == length.to_bytes(FOOTER_LENGTH_BYTES):
            return footer
    raise MalformedMessage("message must end with a signature, got none")
