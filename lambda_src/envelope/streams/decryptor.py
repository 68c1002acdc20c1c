"""Decrypting a stream of any length in constant memory."""

import hashlib
from collections.abc import Callable, Iterator
from enum import Enum
from types import TracebackType
from typing import Self

from envelope.cipher.seal import MessageCipher
from envelope.cipher.sign import verify_signature
from envelope.errors import InvalidRequest, LimitExceeded, MalformedMessage
from envelope.format.expected_context import ExpectedContext
from envelope.format.footer import parse_footer
from envelope.format.header import Header, UnverifiedHeader
from envelope.format.suites import CommitmentPolicy
from envelope.keys.materials import DataKeys
from envelope.limits import FOOTER_LENGTH_BYTES, READ_FRAME_BYTES_MAX, SIGNATURE_BYTES_MAX, UNFRAMED_LENGTH
from envelope.streams.header_reading import claimed_header
from envelope.streams.intake import Destination, Intake, Source, write_all
from envelope.streams.opened_block import opened_block
from envelope.streams.opened_frames import opened_frames
from envelope.streams.spool import Spool
from envelope.streams.totals import Totals
from envelope.unlock import unlock

_STRICT = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT


class Release(Enum):
    """When plaintext comes out of a message that is only known to be genuine at its end.

    That is one with a signature, or one without frames. Each frame of any other message is authenticated by its own
    tag and comes out after that, whichever of these is chosen.
    """

    AFTER_ALL = "after the whole message was checked"
    """The message waits, still encrypted, in a temporary file, is checked to its end, and is decrypted once more."""

    HELD_BY_DESTINATION = "at once, because the destination shows nothing before the end"
    """Plaintext that may be forged goes out, and an error follows if it was: only for a destination that nobody can
    read before all of it was written without an error, and that is taken back otherwise."""


class OpenedMessage:
    """A message of which the header is known to be genuine and the rest was not read yet.

    Leave the `with` block of it only after the last block was taken: what makes a message complete comes at its end,
    and a reader that stops before has not noticed whether it was cut off.

    Attributes:
        header: The header.
    """

    __slots__ = ("_cipher", "_claimed", "_finished", "_follows", "_intake", "_new_spool", "header")

    def __init__(
        self,
        intake: Intake,
        *,
        claimed: UnverifiedHeader,
        header: Header,
        cipher: MessageCipher,
        follows: int | None,
        new_spool: Callable[[], Spool],
    ) -> None:
        """Take a message apart; `opened` does.

        Args:
            intake: What follows the header.
            claimed: The header as it came.
            header: The verified header.
            cipher: The key of the message.
            follows: How many bytes that is. None: not known.
            new_spool: Makes the temporary file.
        """
        self._intake, self._claimed, self._cipher, self._new_spool = intake, claimed, cipher, new_spool
        self._follows, self._finished = follows, False
        self.header = header

    def blocks(self, *, release: Release = Release.AFTER_ALL) -> Iterator[memoryview]:
        """Decrypt the message, once.

        Args:
            release: When plaintext of a signed message, or of one without frames, comes out. Default: after the whole
                message was checked.

        Yields:
            Plaintext, valid until the next block is asked for. It is overwritten after the last one and on failure.

        Raises:
            MalformedMessage: If the message breaks the format, is cut off, or does not end where it should.
            NotAuthentic: If the message was changed.
            LimitExceeded: If there is no room for the temporary file.
        """
        header = self.header
        if header.suite.signature is None and header.frame_length != UNFRAMED_LENGTH:
            yield from self._body(self._intake, seen=_not_looked_at, check_end=self._check_nothing_follows)
        elif release is Release.HELD_BY_DESTINATION:
            yield from self._checked_at_the_end(copied=_not_looked_at)
        else:
            with self._new_spool() as spool:
                for _ in self._checked_at_the_end(copied=spool.write):
                    pass
                spool.rewind()
                # The whole body was checked, signature included. What comes out is still checked against its tags.
                yield from self._body(Intake(spool), seen=_not_looked_at, check_end=_nothing_to_check)
        self._finished = True

    def _checked_at_the_end(self, *, copied: Callable[[memoryview], None]) -> Iterator[memoryview]:
        scheme = self.header.suite.signature
        if scheme is None:
            return self._body(self._intake, seen=copied, check_end=self._check_nothing_follows)
        claimed = self._claimed
        stored_nonce = b"" if claimed.suite.commits else claimed.nonce
        digest = hashlib.new(scheme.hash_name, claimed.body + stored_nonce + claimed.tag)

        def seen(data: memoryview) -> None:
            digest.update(data)
            copied(data)

        def check_signature() -> None:
            # One byte more than any footer has: what follows it is seen, however much that is.
            footer = self._intake.read(FOOTER_LENGTH_BYTES + SIGNATURE_BYTES_MAX + 1)
            signature = parse_footer(footer)
            public_key = self.header.context.public_key or ""
            verify_signature(signature, digest=digest.digest(), public_key=public_key, scheme=scheme)

        return self._body(self._intake, seen=seen, check_end=check_signature)

    def _body(
        self, intake: Intake, *, seen: Callable[[memoryview], None], check_end: Callable[[], None]
    ) -> Iterator[memoryview]:
        body = opened_block if self.header.frame_length == UNFRAMED_LENGTH else opened_frames
        return body(
            intake, header=self.header, cipher=self._cipher, follows=self._follows, seen=seen, check_end=check_end
        )

    def _check_nothing_follows(self) -> None:
        if self._intake.read(1):
            raise MalformedMessage("message must end behind its body, got more bytes")

    def __enter__(self) -> Self:
        """Begin to read."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Make sure that the message was read to its end.

        Raises:
            InvalidRequest: If it was not, and nothing else is being raised.
        """
        if kind is None and not self._finished:
            raise InvalidRequest("message must be read to its end, got a reader that stopped before")


def opened(
    source: Source,
    *,
    keys: DataKeys,
    context: ExpectedContext,
    policy: CommitmentPolicy = _STRICT,
    max_frame_bytes: int = READ_FRAME_BYTES_MAX,
    new_spool: Callable[[], Spool] = Spool,
) -> OpenedMessage:
    """Read the header of a message and check it; the rest is read as blocks are taken.

    Args:
        source: Where the message comes from: it ends where the source does.
        keys: Who can decrypt its data key.
        context: What the caller expects the message to be bound to.
        policy: Which suites are read. Default: those with key commitment.
        max_frame_bytes: The longest frame that memory is taken for, twice. Default: 64 MiB.
        new_spool: Makes the temporary file, should one be needed.

    Returns:
        The message, to be used in a `with` block.

    Raises:
        LimitExceeded: If the frames are longer, or if the header asks for more than a reader does.
    """
    intake = Intake(source)
    claimed, follows = claimed_header(intake, policy=policy)
    header, cipher = unlock(claimed, keys=keys, context=context)
    if header.frame_length > max_frame_bytes:
        raise LimitExceeded(f"frame length must be at most {max_frame_bytes} bytes, got {header.frame_length}")
    return OpenedMessage(intake, claimed=claimed, header=header, cipher=cipher, follows=follows, new_spool=new_spool)


def decrypt_stream(
    source: Source,
    destination: Destination,
    *,
    keys: DataKeys,
    context: ExpectedContext,
    policy: CommitmentPolicy = _STRICT,
    max_frame_bytes: int = READ_FRAME_BYTES_MAX,
    release: Release = Release.AFTER_ALL,
    new_spool: Callable[[], Spool] = Spool,
) -> Totals:
    """Decrypt what comes from a source into a destination.

    Args:
        source: Where the message comes from: it ends where the source does.
        destination: Where the plaintext goes. If this raises, what is there is genuine but not all of it; with
            `Release.HELD_BY_DESTINATION` it may be anything. Remove it.
        keys: Who can decrypt its data key.
        context: What the caller expects the message to be bound to.
        policy: Which suites are read. Default: those with key commitment.
        max_frame_bytes: The longest frame that memory is taken for, twice. Default: 64 MiB.
        release: When plaintext of a signed message, or of one without frames, goes out. Default: after the whole
            message was checked.
        new_spool: Makes the temporary file, should one be needed.

    Returns:
        How much went through.
    """
    counted = Intake(source)
    plaintext_bytes = 0
    with opened(
        counted, keys=keys, context=context, policy=policy, max_frame_bytes=max_frame_bytes, new_spool=new_spool
    ) as message:
        for block in message.blocks(release=release):
            write_all(destination, block)
            plaintext_bytes += len(block)
    return Totals(plaintext_bytes, counted.taken)


def _not_looked_at(_: memoryview) -> None:
    pass


def _nothing_to_check() -> None:
    pass
