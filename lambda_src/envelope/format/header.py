"""The message header: bytes to values and back. It cannot tell a real header from a forged one."""

import struct
from typing import Final, NamedTuple, Self

from envelope.errors import LimitExceeded, MalformedMessage
from envelope.format.context import EncryptionContext
from envelope.format.encrypted_data_keys import EncryptedDataKey, parse_encrypted_data_keys
from envelope.format.suites import AlgorithmSuite, CommitmentPolicy, suite_with_id
from envelope.format.usual_header import parse_usual_header
from envelope.format.wire import Bytes, Reader
from envelope.limits import (
    COMMITMENT_BYTES,
    FORMER_MESSAGE_FORMAT,
    FORMER_MESSAGE_ID_BYTES,
    FORMER_TYPE,
    FRAME_LENGTH_MAX,
    FRAMED,
    HEADER_BYTES_MAX,
    MESSAGE_FORMAT,
    MESSAGE_ID_BYTES,
    NONCE_BYTES,
    TAG_BYTES,
    UNFRAMED,
    UNFRAMED_LENGTH,
)

_BASE64_OF_A_MESSAGE: Final = (b"AY", b"Ag")
_ZERO_NONCE: Final = bytes(NONCE_BYTES)
_RESERVED: Final = bytes(4)

_START: Final = struct.Struct(">BH")
_LAYOUT: Final = struct.Struct(">BI")


class Header(NamedTuple):
    """What a header says, once it is known to be genuine.

    Only `envelope.cipher.seal` makes one, from an `UnverifiedHeader`.

    Attributes:
        suite: How the message is encrypted.
        message_id: What makes the keys and nonces of this message its own.
        context: The encryption context, as the header has it.
        encrypted_data_keys: The data key, encrypted one to five times.
        frame_length: Plaintext bytes of a regular frame; zero for a message without frames.
        length: Bytes of the header with its tag: the body starts there.
    """

    suite: AlgorithmSuite
    message_id: bytes
    context: EncryptionContext
    encrypted_data_keys: tuple[EncryptedDataKey, ...]
    frame_length: int
    length: int


class UnverifiedHeader(NamedTuple):
    """What somebody claims that a header says.

    Attributes:
        suite: How the message is encrypted.
        message_id: Salt of the key derivation.
        key_section: The bytes of context and encrypted data keys: two messages that share them share a data key.
        context: The encryption context.
        encrypted_data_keys: The data key, encrypted one to five times.
        frame_length: Plaintext bytes of a regular frame; zero for a message without frames.
        commitment: What the derivation from the right data key must yield; empty where the suite does not commit.
        body: The bytes that the tag covers: everything above, from the first byte.
        nonce: The nonce of the tag.
        tag: The authentication tag.
        length: Bytes of the header with its tag.
    """

    suite: AlgorithmSuite
    message_id: bytes
    key_section: bytes
    context: EncryptionContext
    encrypted_data_keys: tuple[EncryptedDataKey, ...]
    frame_length: int
    commitment: bytes
    body: bytes
    nonce: bytes
    tag: bytes
    length: int

    def __repr__(self) -> str:
        """Show what is short."""
        return (
            f"{type(self).__name__}(suite={self.suite.name}, message_id={self.message_id.hex()}, "
            f"context={self.context!r}, frame_length={self.frame_length}, length={self.length})"
        )

    @classmethod
    def parse(cls, data: Bytes, *, policy: CommitmentPolicy = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT) -> Self:
        """Read the front of a message.

        Args:
            data: The message, or as much of it as there is; what follows the header is not looked at.
            policy: Which suites are read. Default: those with key commitment.

        Returns:
            The claims of its header.

        Raises:
            MalformedMessage: If it breaks the format or is cut short, or if the policy does not admit it (message
                header, "Version 1.0" and "Version 2.0").
            LimitExceeded: If it has more than five encrypted data keys, or is longer than any of ours could be.
        """
        usual = parse_usual_header(data)
        if usual is not None:
            return cls._make(usual)
        reader = Reader(memoryview(data)[:HEADER_BYTES_MAX])
        try:
            return cls._parse(reader, policy)
        except MalformedMessage as error:
            if reader.cut_short and len(data) > HEADER_BYTES_MAX:
                raise LimitExceeded(f"header must be at most {HEADER_BYTES_MAX} bytes, got more") from error
            raise

    @classmethod
    def _parse(cls, reader: Reader, policy: CommitmentPolicy) -> Self:
        version = _parse_version(reader)
        suite_id = reader.number(2, field="algorithm suite")
        suite = suite_with_id(suite_id, message_format=version, policy=policy)
        id_bytes = MESSAGE_ID_BYTES if suite.commits else FORMER_MESSAGE_ID_BYTES
        message_id = reader.take(id_bytes, field="message id")
        start = reader.position
        context = EncryptionContext.parse(reader.sized(2, field="encryption context"))
        _check_public_key(suite, context)
        encrypted_data_keys = parse_encrypted_data_keys(reader)
        key_section = reader.since(start)
        frame_length = _parse_frame_length(reader, suite)
        commitment = reader.take(COMMITMENT_BYTES, field="commitment") if suite.commits else b""
        body = reader.since(0)
        nonce = _ZERO_NONCE if suite.commits else reader.take(NONCE_BYTES, field="header nonce")
        tag = reader.take(TAG_BYTES, field="header tag")
        return cls(
            suite=suite,
            message_id=message_id,
            key_section=key_section,
            context=context,
            encrypted_data_keys=encrypted_data_keys,
            frame_length=frame_length,
            commitment=commitment,
            body=body,
            nonce=nonce,
            tag=tag,
            length=reader.position,
        )


def serialise_header(
    *, suite: AlgorithmSuite, message_id: bytes, key_section: bytes, frame_length: int, commitment: bytes
) -> bytes:
    """Write the header of a message in frames: format 2 and nothing else.

    Args:
        suite: How the message is encrypted.
        message_id: Salt of the key derivation.
        key_section: Context and encrypted data keys, from `encrypted_data_keys.serialise_key_section`.
        frame_length: Plaintext bytes of a regular frame.
        commitment: The commitment to the message key.

    Returns:
        The bytes that the header tag covers; the tag follows them.
    """
    return b"".join((
        _START.pack(MESSAGE_FORMAT, suite.suite_id),
        message_id,
        key_section,
        _LAYOUT.pack(FRAMED, frame_length),
        commitment,
    ))


def _parse_version(reader: Reader) -> int:
    start = reader.peek(2)
    if not start:
        raise MalformedMessage("message must have a header, got nothing: it is empty")
    if start in _BASE64_OF_A_MESSAGE:
        raise MalformedMessage("message must be the bytes of a message, got their base64 text: decode it first")
    version = reader.number(1, field="message format")
    if version == FORMER_MESSAGE_FORMAT:
        message_type = reader.number(1, field="message type")
        if message_type != FORMER_TYPE:
            raise MalformedMessage(f"message type must be {FORMER_TYPE:#x}, got {message_type:#x}")
    elif version != MESSAGE_FORMAT:
        raise MalformedMessage(f"message format must be {FORMER_MESSAGE_FORMAT} or {MESSAGE_FORMAT}, got {version}")
    return version


def _check_public_key(suite: AlgorithmSuite, context: EncryptionContext) -> None:
    # Both ways: else a signed message becomes an unsigned one when signature and suite are taken out of it.
    # Algorithm suites, "Signature Algorithm".
    if suite.signature is None and context.public_key is not None:
        raise MalformedMessage("encryption context of an unsigned message must not hold a verification key, got one")
    if suite.signature is not None and context.public_key is None:
        raise MalformedMessage("encryption context of a signed message must hold its verification key, got none")


def _parse_frame_length(reader: Reader, suite: AlgorithmSuite) -> int:
    content_type = reader.number(1, field="content type")
    if not suite.commits:
        if reader.take(len(_RESERVED), field="reserved bytes") != _RESERVED:
            raise MalformedMessage("reserved bytes must be zero, got others")
        nonce_bytes = reader.number(1, field="nonce length")
        if nonce_bytes != NONCE_BYTES:
            raise MalformedMessage(f"nonce length must be {NONCE_BYTES}, got {nonce_bytes}")
    frame_length = reader.number(4, field="frame length")
    if content_type == FRAMED:
        if frame_length == UNFRAMED_LENGTH:
            raise MalformedMessage(f"frame length must be 1 to {FRAME_LENGTH_MAX}, got {frame_length}")
    elif content_type != UNFRAMED:
        raise MalformedMessage(f"content type must be {UNFRAMED} or {FRAMED}, got {content_type}")
    elif frame_length != UNFRAMED_LENGTH:
        raise MalformedMessage(f"frame length must be {UNFRAMED_LENGTH} without frames, got {frame_length}")
    return frame_length
