"""How every message begins: from a data key to the header that is written, and the cipher of what follows."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from envelope.cipher.derive import message_keys
from envelope.cipher.seal import MessageCipher
from envelope.cipher.sign import SigningKey
from envelope.format.context import EncryptionContext
from envelope.format.header import serialise_header
from envelope.format.suites import AlgorithmSuite, check_written
from envelope.keys.materials import DataKeys
from envelope.limits import MESSAGE_ID_BYTES


@dataclass(frozen=True, slots=True)
class StartedMessage:
    """A message of which the header is written. Its `repr` hides the header, which holds the encryption context.

    Attributes:
        header: The header with its tag.
        message_id: What makes keys and nonces of this message its own.
        cipher: The key of the message.
        signing_key: Signs the message, if the suite does.
    """

    header: bytes = field(repr=False)
    message_id: bytes
    cipher: MessageCipher
    signing_key: SigningKey | None = field(repr=False)


def start_message(
    *,
    keys: DataKeys,
    context: EncryptionContext,
    suite: AlgorithmSuite,
    frame_length: int,
    plaintext_bytes: int | None,
    unsafe_random: Callable[[int], bytes] = os.urandom,
) -> StartedMessage:
    """Get a data key, derive the keys of a message and write its header.

    Args:
        keys: Where the data key comes from.
        context: What the message is bound to.
        suite: How to encrypt.
        frame_length: Plaintext bytes of a frame.
        plaintext_bytes: How much will be encrypted. None: not known.
        unsafe_random: Where the message id comes from. Default: the operating system, as it has to be.

    Returns:
        The started message.

    Raises:
        InvalidRequest: If the suite is one that is only read.
    """
    check_written(suite)
    message_id = unsafe_random(MESSAGE_ID_BYTES)
    with keys.to_seal(context, suite=suite, plaintext_bytes=plaintext_bytes) as materials:
        derived = message_keys(materials.data_key.secret, message_id=message_id, suite=suite)
    body = serialise_header(
        suite=suite,
        message_id=message_id,
        key_section=materials.key_section,
        frame_length=frame_length,
        commitment=derived.commitment,
    )
    cipher = MessageCipher(derived.message_key)
    return StartedMessage(body + cipher.seal_header(body), message_id, cipher, materials.signing_key)
