"""Decrypting a source, all of it or a range."""

from dataclasses import dataclass
from typing import BinaryIO

from envelope.format.expected_context import ExpectedContext
from envelope.format.suites import CommitmentPolicy
from envelope.keys.materials import DataKeys
from envelope.streams.decryptor import Release, decrypt_stream
from envelope.streams.intake import write_all
from envelope.streams.ranges import SignedRanges, range_blocks
from kms_envelope.byte_range import ByteRange
from kms_envelope.progress import shown, watched
from kms_envelope.source import Source


@dataclass(frozen=True, slots=True)
class Reading:
    """What messages are read with.

    Attributes:
        keys: Who can decrypt data keys.
        context: What a message must be bound to.
        policy: Which suites are read.
    """

    keys: DataKeys
    context: ExpectedContext
    policy: CommitmentPolicy

    def read_whole(self, message: Source, plaintext: BinaryIO, *, release: Release) -> None:
        """Decrypt all of a message.

        Args:
            message: The message.
            plaintext: Where it goes.
            release: Whether what is written can be taken back.

        Raises:
            EnvelopeError: By what can be done about it.
        """
        with watched(message, output=plaintext, label="decrypting") as seen:
            decrypt_stream(seen, plaintext, keys=self.keys, context=self.context, policy=self.policy, release=release)

    def read_range(self, message: Source, plaintext: BinaryIO, *, byte_range: ByteRange, signed: SignedRanges) -> None:
        """Decrypt a range of a message, from the frames that hold it.

        Args:
            message: The message, not from a pipe.
            plaintext: Where the range goes.
            byte_range: Which bytes of the plaintext.
            signed: What becomes of a signed message.

        Raises:
            InvalidRequest: If it is a pipe.
            EnvelopeError: By what can be done about it.
        """
        message_bytes = message.known_size()
        blocks = range_blocks(
            message.fetch,
            message_bytes=message_bytes,
            first=byte_range.first,
            last=byte_range.last,
            keys=self.keys,
            context=self.context,
            policy=self.policy,
            signed=signed,
        )
        with shown(byte_range.at_most(message_bytes), output=plaintext, label="decrypting") as taken:
            for block in blocks:
                write_all(plaintext, block)
                if taken is not None:
                    taken(len(block))
