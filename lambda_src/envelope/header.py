"""The message header: bytes to values and back. It cannot tell a real header from a forged one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from envelope.context import EncryptionContext
from envelope.errors import MalformedMessage
from envelope.limits import (
    COMMITMENT_BYTES,
    ENCRYPTED_DATA_KEYS_MAX,
    FORMER_MESSAGE_FORMAT,
    FRAME_LENGTH_MAX,
    FRAMED,
    MESSAGE_FORMAT,
    MESSAGE_ID_BYTES,
    TAG_BYTES,
    UNFRAMED,
    UNFRAMED_LENGTH,
)
from envelope.suites import PUBLIC_KEY, AlgorithmSuite, suite_with_id
from envelope.wire import Bytes, Reader, Writer

_BASE64_OF_A_MESSAGE = (b"AY", b"Ag")


@dataclass(frozen=True, slots=True)
class EncryptedDataKey:
    """The data key of a message, encrypted under one wrapping key.

    Attributes:
        provider_id: Who can decrypt it: `aws-kms` for KMS.
        provider_info: With which key: for KMS the key ARN.
        ciphertext: The encrypted data key.
    """

    provider_id: bytes
    provider_info: bytes
    ciphertext: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Header:
    """What a header says, once it is known to be genuine.

    Only `envelope.seal` makes one, from an `UnverifiedHeader`.

    Attributes:
        message_id: What makes the keys and nonces of this message its own.
        frame_length: Plaintext bytes of a regular frame; zero for a message without frames.
        length: Bytes of the header with its tag: the body starts there.
    """

    message_id: bytes
    frame_length: int
    length: int


@dataclass(frozen=True, slots=True)
class UnverifiedHeader:
    """What somebody claims that a header says.

    Attributes:
        suite: How the message is encrypted.
        message_id: Salt of the key derivation.
        context: The encryption context.
        encrypted_data_keys: The data key, encrypted one to five times.
        frame_length: Plaintext bytes of a regular frame; zero for a message without frames.
        commitment: What the derivation from the right data key must yield.
        body: The bytes that the tag covers: everything above, from the first byte.
        tag: The authentication tag.
    """

    suite: AlgorithmSuite
    message_id: bytes
    context: EncryptionContext
    encrypted_data_keys: tuple[EncryptedDataKey, ...]
    frame_length: int
    commitment: bytes
    body: bytes = field(repr=False)
    tag: bytes = field(repr=False)

    @property
    def length(self) -> int:
        """Bytes of the header with its tag."""
        return len(self.body) + len(self.tag)

    @classmethod
    def parse(cls, message: Bytes) -> Self:
        """Read the front of a message.

        Args:
            message: The whole message.

        Returns:
            The claims of its header.

        Raises:
            MalformedMessage: If it breaks the format, or uses a part of it that is not supported: message
                format 1, signed suites, more than five encrypted data keys (message header, "Version 2.0").
        """
        reader = Reader(message)
        _parse_version(reader, message)
        suite = suite_with_id(reader.number(2, field="algorithm suite"))
        message_id = reader.take(MESSAGE_ID_BYTES, field="message id")
        context = _parse_context(reader.sized(2, field="encryption context"))
        if PUBLIC_KEY in context.keys:
            # Taken out of a signed message together with its signature: algorithm suites, "Signature Algorithm".
            raise MalformedMessage(f"encryption context of an unsigned message must not hold {PUBLIC_KEY!r}")
        encrypted_data_keys = _parse_encrypted_data_keys(reader)
        frame_length = _parse_frame_length(reader)
        commitment = reader.take(COMMITMENT_BYTES, field="commitment")
        body = bytes(memoryview(message)[: reader.position])
        tag = reader.take(TAG_BYTES, field="header tag")
        return cls(
            suite=suite,
            message_id=message_id,
            context=context,
            encrypted_data_keys=encrypted_data_keys,
            frame_length=frame_length,
            commitment=commitment,
            body=body,
            tag=tag,
        )


def serialise_header(
    *,
    suite: AlgorithmSuite,
    message_id: bytes,
    context: EncryptionContext,
    encrypted_data_keys: Sequence[EncryptedDataKey],
    frame_length: int,
    commitment: bytes,
) -> bytes:
    """Write the header of a message in frames.

    Args:
        suite: How the message is encrypted.
        message_id: Salt of the key derivation.
        context: The encryption context.
        encrypted_data_keys: The encrypted data key, once for each wrapping key.
        frame_length: Plaintext bytes of a regular frame.
        commitment: The commitment to the message key.

    Returns:
        The bytes that the header tag covers; the tag follows them.
    """
    writer = Writer().number(1, MESSAGE_FORMAT).number(2, suite.suite_id).put(message_id)
    writer.sized(2, serialise_context(context)).number(2, len(encrypted_data_keys))
    for key in encrypted_data_keys:
        writer.sized(2, key.provider_id).sized(2, key.provider_info).sized(2, key.ciphertext)
    return writer.number(1, FRAMED).number(4, frame_length).put(commitment).value


def serialise_context(context: EncryptionContext) -> bytes:
    """Write an encryption context as headers carry it (structures, "Encryption Context").

    Args:
        context: The context.

    Returns:
        Its bytes, without the length that a header puts before them; none at all for an empty context.

    Examples:
        >>> serialise_context(EncryptionContext.of({"a": "b"})).hex()
        '0001000161000162'
        >>> serialise_context(EncryptionContext.of({}))
        b''
    """
    if not context.encoded:
        return b""
    writer = Writer().number(2, len(context.encoded))
    for key, value in context.encoded:
        writer.sized(2, key).sized(2, value)
    return writer.value


def _parse_context(data: bytes) -> EncryptionContext:
    if not data:
        return EncryptionContext(())
    reader = Reader(data)
    count = reader.number(2, field="encryption context count")
    if count == 0:
        raise MalformedMessage("encryption context count must be at least 1, got 0")
    pairs = [
        (reader.sized(2, field="encryption context key"), reader.sized(2, field="encryption context value"))
        for _ in range(count)
    ]
    reader.finish(field="encryption context")
    return EncryptionContext.from_encoded(pairs)


def _parse_version(reader: Reader, message: Bytes) -> None:
    version = reader.number(1, field="message format")
    if version == FORMER_MESSAGE_FORMAT:
        raise MalformedMessage(
            f"message format must be {MESSAGE_FORMAT}, got {version}: messages without key commitment are not supported"
        )
    if bytes(message[:2]) in _BASE64_OF_A_MESSAGE:
        raise MalformedMessage("message must be the bytes of a message, got their base64 text: decode it first")
    if version != MESSAGE_FORMAT:
        raise MalformedMessage(f"message format must be {MESSAGE_FORMAT}, got {version}")


def _parse_encrypted_data_keys(reader: Reader) -> tuple[EncryptedDataKey, ...]:
    count = reader.number(2, field="encrypted data key count")
    if count == 0:
        raise MalformedMessage("encrypted data key count must be at least 1, got 0")
    if count > ENCRYPTED_DATA_KEYS_MAX:
        raise MalformedMessage(f"encrypted data key count must be at most {ENCRYPTED_DATA_KEYS_MAX}, got {count}")
    return tuple(
        EncryptedDataKey(
            provider_id=reader.sized(2, field="key provider id"),
            provider_info=reader.sized(2, field="key provider info"),
            ciphertext=reader.sized(2, field="encrypted data key"),
        )
        for _ in range(count)
    )


def _parse_frame_length(reader: Reader) -> int:
    content_type = reader.number(1, field="content type")
    frame_length = reader.number(4, field="frame length")
    if content_type == FRAMED:
        if frame_length == UNFRAMED_LENGTH:
            raise MalformedMessage(f"frame length must be 1 to {FRAME_LENGTH_MAX}, got {frame_length}")
    elif content_type != UNFRAMED:
        raise MalformedMessage(f"content type must be {UNFRAMED} or {FRAMED}, got {content_type}")
    elif frame_length != UNFRAMED_LENGTH:
        raise MalformedMessage(f"frame length must be {UNFRAMED_LENGTH} without frames, got {frame_length}")
    return frame_length
