"""Encrypting a stream of any length in constant memory."""

import hashlib
import os
from collections.abc import Callable, Iterator

from envelope.cipher.wiping import wiped_after
from envelope.errors import InvalidRequest, LimitExceeded
from envelope.format.context import EncryptionContext
from envelope.format.footer import serialise_footer
from envelope.format.frames import FINAL_OVERHEAD, REGULAR_OVERHEAD, body_length, regular_frames
from envelope.format.regular_frames import RegularFrames, batch_frames
from envelope.format.suites import COMMITTING, AlgorithmSuite
from envelope.keys.materials import DataKeys
from envelope.limits import FOOTER_LENGTH_BYTES, FRAME_BYTES_DEFAULT, SEQUENCE_MAX, SHORT_STREAM_BYTES
from envelope.start import StartedMessage, start_message
from envelope.streams.intake import Destination, Intake, Source, write_all
from envelope.streams.totals import Totals

# One byte would do; a cache line keeps what is read aligned with where it is encrypted from.
_LOOKAHEAD_BYTES = 64


def message_length(plaintext_bytes: int, *, header_length: int, frame_length: int, suite: AlgorithmSuite) -> int:
    """Say how long a message will be, before the first byte of it is written.

    Args:
        plaintext_bytes: Bytes to encrypt.
        header_length: Bytes of the header with its tag.
        frame_length: Plaintext bytes of a frame.
        suite: How to encrypt.

    Returns:
        Bytes of the message.

    Raises:
        InvalidRequest: If no frame can have that length.
        LimitExceeded: If there would be more frames than sequence numbers.

    Examples:
        >>> message_length(10, header_length=250, frame_length=4096, suite=COMMITTING)
        300
    """
    footer = 0 if suite.signature is None else FOOTER_LENGTH_BYTES + suite.signature.signature_bytes
    return header_length + body_length(plaintext_bytes, frame_length=frame_length) + footer


def sealed_blocks(
    source: Source,
    *,
    keys: DataKeys,
    context: EncryptionContext,
    suite: AlgorithmSuite = COMMITTING,
    frame_length: int = FRAME_BYTES_DEFAULT,
    plaintext_bytes: int | None = None,
    unsafe_random: Callable[[int], bytes] = os.urandom,
) -> Iterator[memoryview]:
    """Encrypt what comes from a source.

    The data key is asked for at once, the source is read as blocks are taken. What was taken before the last block is
    no message: every reader refuses it, so that a source that breaks off leaves nothing that looks complete.

    Args:
        source: Where the plaintext comes from.
        keys: Where the data key comes from.
        context: What the message is bound to. It is in the message, in the clear.
        suite: How to encrypt: one of the suites that commit to their key. Default: without signature.
        frame_length: Plaintext bytes of a frame. Default: 64 KiB. Two frames, or 768 KiB if that is more, are in
            memory at a time.
        plaintext_bytes: How much the source must give, exactly. Default: whatever comes.
        unsafe_random: Where the message id comes from, as for `message.encrypt`.

    Returns:
        The message in blocks, each valid until the next one is asked for.

    Raises:
        InvalidRequest: If no frame can have that length, or if the suite is one that is only read; with the blocks,
            if the source gives more or less than `plaintext_bytes`.
        LimitExceeded: If there are more frames than sequence numbers.
    """
    # Before a data key is asked for.
    body_length(plaintext_bytes or 0, frame_length=frame_length)
    started = start_message(
        keys=keys,
        context=context,
        suite=suite,
        frame_length=frame_length,
        plaintext_bytes=plaintext_bytes,
        unsafe_random=unsafe_random,
    )
    body = _sealed_frames(Intake(source), started, frame_length=frame_length, plaintext_bytes=plaintext_bytes)
    return _whole_message(started, body, suite=suite)


def encrypt_stream(
    source: Source,
    destination: Destination,
    *,
    keys: DataKeys,
    context: EncryptionContext,
    suite: AlgorithmSuite = COMMITTING,
    frame_length: int = FRAME_BYTES_DEFAULT,
    plaintext_bytes: int | None = None,
    unsafe_random: Callable[[int], bytes] = os.urandom,
) -> Totals:
    """Encrypt what comes from a source into a destination.

    Args:
        source: Where the plaintext comes from.
        destination: Where the message goes. If this raises, what is there is no message and should be removed.
        keys: Where the data key comes from.
        context: What the message is bound to. It is in the message, in the clear.
        suite: How to encrypt: one of the suites that commit to their key. Default: without signature.
        frame_length: Plaintext bytes of a frame. Default: 64 KiB.
        plaintext_bytes: How much the source must give, exactly. Default: whatever comes.
        unsafe_random: Where the message id comes from, as for `message.encrypt`.

    Returns:
        How much went through.

    Raises:
        InvalidRequest: If no frame can have that length, if the suite is one that is only read, or if the source
            gives more or less than `plaintext_bytes`.
        LimitExceeded: If there are more frames than sequence numbers.
    """
    counted = Intake(source)
    message_bytes = 0
    for block in sealed_blocks(
        counted,
        keys=keys,
        context=context,
        suite=suite,
        frame_length=frame_length,
        plaintext_bytes=plaintext_bytes,
        unsafe_random=unsafe_random,
    ):
        write_all(destination, block)
        message_bytes += len(block)
    return Totals(counted.taken, message_bytes)


def _whole_message(
    started: StartedMessage, body: Iterator[memoryview], *, suite: AlgorithmSuite
) -> Iterator[memoryview]:
    header = memoryview(started.header)
    if suite.signature is None or started.signing_key is None:
        yield header
        yield from body
        return
    digest = hashlib.new(suite.signature.hash_name, header)
    yield header
    for block in body:
        digest.update(block)
        yield block
    yield memoryview(serialise_footer(started.signing_key.sign(digest.digest())))


def _sealed_frames(
    intake: Intake, started: StartedMessage, *, frame_length: int, plaintext_bytes: int | None
) -> Iterator[memoryview]:
    cipher, message_id, stride = started.cipher, started.message_id, frame_length + REGULAR_OVERHEAD
    capacity = batch_frames(frame_length)
    batch = capacity * frame_length
    # Most streams are short, and a short one must not take the memory of a long one.
    beginning = memoryview(bytearray(min(SHORT_STREAM_BYTES, batch)))
    with wiped_after(beginning):
        kept = intake.readinto(beginning)
        _check_length(intake.taken, plaintext_bytes)
        most = kept if kept < len(beginning) else plaintext_bytes
        room = batch if most is None else min(batch, most)
        # A little more than a batch: only when some of that is there, the last frame before it is not the final one.
        plaintext = memoryview(bytearray(room + _LOOKAHEAD_BYTES))
        plaintext[:kept] = beginning[:kept]
    sealed = memoryview(bytearray(room + room // frame_length * REGULAR_OVERHEAD + FINAL_OVERHEAD))
    frames = RegularFrames(sealed, plaintext[:room], message_id=message_id, frame_length=frame_length)
    first = 1
    with wiped_after(plaintext):
        while (held := kept + intake.readinto(plaintext[kept:])) > batch:
            _check_length(intake.taken, plaintext_bytes)
            _check_number(first + capacity)
            cipher.seal_regular(frames, first=first, count=capacity)
            yield sealed[: capacity * stride]
            first, kept = first + capacity, held - batch
            plaintext[:kept] = plaintext[batch:held]
        if plaintext_bytes is not None and intake.taken != plaintext_bytes:
            raise InvalidRequest(f"source must give {plaintext_bytes} bytes, got {intake.taken}")
        regular = regular_frames(held, frame_length=frame_length)
        _check_number(first + regular)
        cipher.seal_regular(frames, first=first, count=regular)
        rest = plaintext[regular * frame_length : held]
        end = regular * stride + len(rest) + FINAL_OVERHEAD
        cipher.seal_final(rest, sealed[regular * stride : end], message_id=message_id, sequence=first + regular)
        yield sealed[:end]


def _check_length(taken: int, plaintext_bytes: int | None) -> None:
    if plaintext_bytes is not None and taken > plaintext_bytes:
        raise InvalidRequest(f"source must give {plaintext_bytes} bytes, got more")


def _check_number(sequence: int) -> None:
    if sequence > SEQUENCE_MAX:
        raise LimitExceeded(f"plaintext must be at most {SEQUENCE_MAX} frames, got more")
