"""Encrypted data keys: the data key of a message as its header carries it, once for each wrapping key."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from envelope.errors import LimitExceeded, MalformedMessage
from envelope.format.context import EncryptionContext
from envelope.format.wire import Reader, Writer
from envelope.limits import ENCRYPTED_DATA_KEYS_MAX


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


def parse_encrypted_data_keys(reader: Reader) -> tuple[EncryptedDataKey, ...]:
    """Read the encrypted data keys of a header.

    Args:
        reader: A reader that has come to their count; it is moved behind the last one.

    Returns:
        The encrypted data keys, in their order.

    Raises:
        MalformedMessage: If there is none, or if they are cut short.
        LimitExceeded: If there are more than a reader looks at.
    """
    count = reader.number(2, field="encrypted data key count")
    if count == 0:
        raise MalformedMessage("encrypted data key count must be at least 1, got 0")
    if count > ENCRYPTED_DATA_KEYS_MAX:
        raise LimitExceeded(f"encrypted data keys must be at most {ENCRYPTED_DATA_KEYS_MAX}, got {count}")
    return tuple(
        EncryptedDataKey(
            provider_id=reader.sized(2, field="key provider id"),
            provider_info=reader.sized(2, field="key provider info"),
            ciphertext=reader.sized(2, field="encrypted data key"),
        )
        for _ in range(count)
    )


def serialise_key_section(context: EncryptionContext, encrypted_data_keys: Sequence[EncryptedDataKey]) -> bytes:
    """Write the part of a header that is the same for all messages under one data key.

    Args:
        context: The encryption context.
        encrypted_data_keys: The encrypted data key, once for each wrapping key.

    Returns:
        The bytes between message id and content type.
    """
    writer = Writer().sized(2, context.serialise()).number(2, len(encrypted_data_keys))
    for key in encrypted_data_keys:
        writer.sized(2, key.provider_id).sized(2, key.provider_info).sized(2, key.ciphertext)
    return writer.value
