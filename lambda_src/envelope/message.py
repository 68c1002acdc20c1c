"""Encrypting and decrypting one message in memory, from top to bottom."""

import os
from collections.abc import Callable

from envelope.context import EncryptionContext
from envelope.derive import message_keys
from envelope.errors import NotAuthentic
from envelope.frames import body_length
from envelope.header import UnverifiedHeader, serialise_header
from envelope.keyring import Keyring
from envelope.limits import FRAME_BYTES_DEFAULT, MESSAGE_ID_BYTES, TAG_BYTES
from envelope.seal import MessageCipher
from envelope.suites import COMMITTING
from envelope.wire import Bytes


def encrypt(
    plaintext: Bytes,
    *,
    keyring: Keyring,
    context: EncryptionContext,
    frame_length: int = FRAME_BYTES_DEFAULT,
    unsafe_random: Callable[[int], bytes] = os.urandom,
) -> bytearray:
    """Encrypt plaintext into a message that every AWS Encryption SDK can read.

    Args:
        plaintext: What to encrypt.
        keyring: Where the data key comes from.
        context: What the message is bound to. It is in the message, in the clear.
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
    body_bytes = body_length(len(plaintext), frame_length=frame_length)
    message_id = unsafe_random(MESSAGE_ID_BYTES)
    data_key, encrypted_data_keys = keyring.generate_data_key(context)
    with data_key:
        keys = message_keys(data_key.secret, message_id=message_id, suite=COMMITTING)
    header = serialise_header(
        suite=COMMITTING,
        message_id=message_id,
        context=context,
        encrypted_data_keys=encrypted_data_keys,
        frame_length=frame_length,
        commitment=keys.commitment,
    )
    cipher = MessageCipher(keys.message_key)
    message = bytearray(len(header) + TAG_BYTES + body_bytes)
    message[: len(header)] = header
    message[len(header) : len(header) + TAG_BYTES] = cipher.seal_header(header)
    body = memoryview(message)[len(header) + TAG_BYTES :]
    cipher.seal_frames(memoryview(plaintext), body, message_id=message_id, frame_length=frame_length)
    return message


def decrypt(message: Bytes, *, keyring: Keyring, context: EncryptionContext) -> bytearray:
    """Decrypt a message, all of it or nothing.

    Args:
        message: The message, without a byte before or behind it.
        keyring: Who can decrypt its data key.
        context: What the caller expects the message to be bound to: exactly what it is bound to.

    Returns:
        The plaintext, after everything that authenticates it was checked.

    Raises:
        MalformedMessage: If the bytes are no message that this package reads.
        NotAuthentic: If the message was changed, or if key or context are others.
        LimitExceeded: If the header asks for more than a reader does.
    """
    claimed = UnverifiedHeader.parse(message)
    if claimed.context != context:
        raise NotAuthentic
    with keyring.decrypt_data_key(claimed.encrypted_data_keys, claimed.context) as data_key:
        keys = message_keys(data_key.secret, message_id=claimed.message_id, suite=claimed.suite)
    cipher = MessageCipher(keys.message_key)
    header = cipher.verify_header(claimed, commitment=keys.commitment)
    return cipher.open_frames(message, header=header)
