"""Encrypting and decrypting one message in memory, from top to bottom."""

import hashlib
import os
from collections.abc import Callable

from envelope.cipher.derive import message_keys
from envelope.cipher.seal import MessageCipher
from envelope.cipher.sign import verify_signature
from envelope.cipher.whole_body import open_body, seal_body
from envelope.format.context import EncryptionContext
from envelope.format.expected_context import ExpectedContext
from envelope.format.footer import parse_footer, serialise_footer
from envelope.format.frames import body_length, length_of_body
from envelope.format.header import Header, UnverifiedHeader, serialise_header
from envelope.format.only_frame import only_head
from envelope.format.suites import COMMITTING, AlgorithmSuite, CommitmentPolicy, SignatureScheme
from envelope.format.wire import Bytes
from envelope.keys.keyring import DataKey
from envelope.keys.materials import DataKeys, SealingMaterials
from envelope.limits import FRAME_BYTES_DEFAULT, MESSAGE_ID_BYTES, TAG_BYTES


def encrypt(
    plaintext: Bytes,
    *,
    keys: DataKeys,
    context: EncryptionContext,
    suite: AlgorithmSuite = COMMITTING,
    frame_length: int = FRAME_BYTES_DEFAULT,
    unsafe_random: Callable[[int], bytes] = os.urandom,
) -> bytearray:
    """Encrypt plaintext into a message that every AWS Encryption SDK can read.

    Args:
        plaintext: What to encrypt.
        keys: Where the data key comes from.
        context: What the message is bound to. It is in the message, in the clear.
        suite: How to encrypt: one of the suites that commit to their key. Default: without signature.
        frame_length: Plaintext bytes of a frame. Default: 64 KiB.
        unsafe_random: Where the message id comes from. Default: the operating system. Two messages that share a
            data key and a message id share their key and their nonces, which gives both of them away: anything
            but the default is for known answers in tests.

    Returns:
        The message.

    Raises:
        InvalidRequest: If no frame can have that length.
        LimitExceeded: If there would be more frames than sequence numbers.
    """
    body_length(len(plaintext), frame_length=frame_length)  # refuses, before a data key is asked for
    with keys.to_seal(context, suite=suite, plaintext_bytes=len(plaintext)) as materials:
        return sealed_with(materials, plaintext, frame_length=frame_length, message_id=unsafe_random(MESSAGE_ID_BYTES))


def sealed_with(materials: SealingMaterials, plaintext: Bytes, *, frame_length: int, message_id: bytes) -> bytearray:
    """Encrypt plaintext when everything that is needed is there.

    Args:
        materials: What to encrypt with, in their `with` block.
        plaintext: What to encrypt.
        frame_length: Plaintext bytes of a frame.
        message_id: Random bytes that no other message has.

    Returns:
        The message.
    """
    suite = materials.suite
    message_key, commitment = message_keys(materials.data_key.secret, message_id=message_id, suite=suite)
    header = serialise_header(
        suite=suite,
        message_id=message_id,
        key_section=materials.key_section,
        frame_length=frame_length,
        commitment=commitment,
    )
    cipher = MessageCipher(message_key)
    if len(plaintext) <= frame_length:
        sealed = cipher.seal_only(plaintext, message_id=message_id)
        message = bytearray().join((header, cipher.seal_header(header), only_head(len(plaintext)), sealed))
    else:
        start = len(header) + TAG_BYTES
        message = bytearray(start + body_length(len(plaintext), frame_length=frame_length))
        message[:start] = header + cipher.seal_header(header)
        with memoryview(message) as whole, whole[start:] as body:
            seal_body(memoryview(plaintext), body, cipher=cipher, message_id=message_id, frame_length=frame_length)
    if materials.signing_key is not None and suite.signature is not None:
        digest = hashlib.new(suite.signature.hash_name, message).digest()
        message += serialise_footer(materials.signing_key.sign(digest))
    return message


def decrypt(
    message: Bytes,
    *,
    keys: DataKeys,
    context: ExpectedContext,
    policy: CommitmentPolicy = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
) -> bytearray:
    """Decrypt a message, all of it or nothing.

    Args:
        message: The message, without a byte before or behind it.
        keys: Who can decrypt its data key.
        context: What the caller expects the message to be bound to: an `EncryptionContext` is all of it, `AtLeast`
            some entries.
        policy: Which suites are read. Default: those with key commitment.

    Returns:
        The plaintext, after everything that authenticates it was checked.

    Raises:
        MalformedMessage: If the bytes are no message, or none that the policy admits.
        NotAuthentic: If the message was changed, or if key or context are others.
        LimitExceeded: If the header asks for more than a reader does.
    """
    claimed = UnverifiedHeader.parse(message, policy=policy)
    expected = context.expected_for(claimed.context)
    with keys.to_open(claimed, expected) as data_key:
        return opened_with(data_key, message, claimed=claimed, expected=expected)


def opened_with(
    data_key: DataKey, message: Bytes, *, claimed: UnverifiedHeader, expected: EncryptionContext
) -> bytearray:
    """Decrypt a message when its data key is there.

    Args:
        data_key: The data key, in its `with` block.
        message: The message.
        claimed: Its header.
        expected: Everything that the message must be bound to, from `EncryptionContext.expected_for`.

    Returns:
        The plaintext, after everything that authenticates it was checked.

    Raises:
        MalformedMessage: If the bytes behind the header are no body.
        NotAuthentic: If the message was changed, or if key or context are others.
        LimitExceeded: If a frame is larger than one AES-GCM operation may be.
    """
    message_key, commitment = message_keys(data_key.secret, message_id=claimed.message_id, suite=claimed.suite)
    cipher = MessageCipher(message_key)
    required = expected.besides(claimed.context).serialise() if expected is not claimed.context else b""
    header = cipher.verify_header(claimed, commitment=commitment, required=required)
    body = memoryview(message)[header.length :]
    if header.suite.signature is not None:
        body = _signed_body(message, header, header.suite.signature)
    return open_body(body, cipher=cipher, header=header)


def _signed_body(message: Bytes, header: Header, scheme: SignatureScheme) -> memoryview:
    """Check the signature, before anything is decrypted, and give what it covers behind the header."""
    view = memoryview(message)
    end = header.length + length_of_body(view[header.length :], frame_length=header.frame_length)
    signature = parse_footer(view[end:])
    digest = hashlib.new(scheme.hash_name, view[:end]).digest()
    verify_signature(signature, digest=digest, public_key=header.context.public_key or "", scheme=scheme)
    return view[header.length : end]
