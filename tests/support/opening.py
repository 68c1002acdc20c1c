"""The ways to read a message, as functions of one shape, for tests that hold for all of them."""

import io
from dataclasses import dataclass
from typing import Any

from envelope import message
from envelope.errors import EnvelopeError
from envelope.format.context import EncryptionContext
from envelope.format.expected_context import AtLeast, ExpectedContext
from envelope.format.suites import CommitmentPolicy
from envelope.keys.keyring import Keyring
from envelope.keys.materials import FreshDataKeys
from envelope.message_batches import decrypt_many
from envelope.streams.decryptor import Release, decrypt_stream, opened
from envelope.streams.ranges import Fetch

EVERYTHING = CommitmentPolicy.UNSAFE_ALLOW_WITHOUT_DERIVATION
ANYTHING = AtLeast(EncryptionContext.of({}))


def whole(
    sealed: bytes,
    keyring: Keyring,
    context: ExpectedContext = ANYTHING,
    *,
    policy: CommitmentPolicy = EVERYTHING,
) -> bytes:
    """Read a message in memory."""
    return bytes(message.decrypt(sealed, keys=FreshDataKeys(keyring), context=context, policy=policy))


def streamed(
    sealed: bytes,
    keyring: Keyring,
    context: ExpectedContext = ANYTHING,
    *,
    policy: CommitmentPolicy = EVERYTHING,
) -> bytes:
    """Read a message that comes in small pieces; what was written before an error must be empty or be genuine."""
    destination = io.BytesIO()
    keys = FreshDataKeys(keyring)
    totals = decrypt_stream(Pieces(sealed), destination, keys=keys, context=context, policy=policy)
    assert (totals.plaintext_bytes, totals.message_bytes) == (len(destination.getvalue()), len(sealed))
    return destination.getvalue()


def twice(
    sealed: bytes,
    keyring: Keyring,
    context: ExpectedContext = ANYTHING,
    *,
    policy: CommitmentPolicy = EVERYTHING,
) -> bytes:
    """Read a message twice in one batch, where the second one takes the data key of the first."""
    first, second = decrypt_many([sealed, sealed], keys=FreshDataKeys(keyring), context=context, policy=policy)
    if isinstance(first, EnvelopeError) or isinstance(second, EnvelopeError):
        assert type(first) is type(second)
        raise next(each for each in (first, second) if isinstance(each, EnvelopeError))
    assert first == second
    return bytes(first)


DOORS = (whole, streamed, twice)


class Pieces(io.RawIOBase):
    """A source that gives what it has in pieces of odd lengths, as networks do."""

    def __init__(self, data: bytes, *, longest: int = 1021) -> None:
        """Give at most `longest` bytes at a time."""
        self._data, self._position, self._longest = memoryview(data), 0, longest

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Give some bytes, or none at the end."""
        piece = self._data[self._position : self._position + min(len(buffer), self._longest)]
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)


@dataclass(frozen=True)
class Released:
    """What came out of a message before it ended or was refused."""

    plaintext: bytes
    refusal: EnvelopeError | None


def released(
    sealed: bytes,
    keyring: Keyring,
    context: ExpectedContext = ANYTHING,
    *,
    policy: CommitmentPolicy = EVERYTHING,
    release: Release = Release.AFTER_ALL,
    longest: int = 1021,
) -> Released:
    """Take blocks until there is no more, and keep those that came."""
    plaintext = bytearray()
    try:
        source = Pieces(sealed, longest=longest)
        with opened(source, keys=FreshDataKeys(keyring), context=context, policy=policy) as opening:
            for block in opening.blocks(release=release):
                plaintext += block
    except EnvelopeError as error:
        # Without where it came from: that would keep every buffer of the reader until the next garbage collection.
        error.__context__ = None
        return Released(bytes(plaintext), error.with_traceback(None))
    return Released(bytes(plaintext), None)


def fetch_from(sealed: bytes) -> Fetch:
    """Give parts of a message, as S3 does."""
    return lambda first, last: sealed[first : last + 1]
