"""A keyring with its wrapping key in memory, in the format of the AWS Encryption SDKs' raw AES keyring."""

import os
from collections.abc import Callable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from envelope.errors import NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.encrypted_data_keys import EncryptedDataKey
from envelope.keys.keyring import DataKey

PROVIDER_ID = "published-test-keys"
KEY_NAME = "zero-to-thirty-one"
WRAPPING_KEY = bytes(range(32))
"""Printed here, so good for nothing but tests."""


class RawKeyring:
    """Data keys under one AES key that everybody can read above."""

    def __init__(self, *, random: Callable[[int], bytes] = os.urandom) -> None:
        """Take data keys and nonces from `random`."""
        self._random = random
        self._info = KEY_NAME.encode() + (128).to_bytes(4) + (12).to_bytes(4)

    def generate_data_key(self, context: EncryptionContext) -> tuple[DataKey, Sequence[EncryptedDataKey]]:
        """Make a data key and wrap it."""
        data_key, nonce = self._random(32), self._random(12)
        wrapped = AESGCM(WRAPPING_KEY).encrypt(nonce, data_key, context.serialise())
        return DataKey(data_key), (EncryptedDataKey(PROVIDER_ID.encode(), self._info + nonce, wrapped),)

    def decrypt_data_key(
        self,
        encrypted_data_keys: Sequence[EncryptedDataKey],
        context: EncryptionContext,
        *,
        key_bytes: int,
    ) -> DataKey:
        """Unwrap the first data key that is ours."""
        for candidate in encrypted_data_keys:
            info, nonce = candidate.provider_info[:-12], candidate.provider_info[-12:]
            if candidate.provider_id == PROVIDER_ID.encode() and info == self._info:
                try:
                    secret = AESGCM(WRAPPING_KEY).decrypt(nonce, candidate.ciphertext, context.serialise())
                except InvalidTag:
                    continue
                assert len(secret) == key_bytes
                return DataKey(secret)
        raise NotAuthentic


class KnownDataKey:
    """A keyring for published messages: it knows the data key and looks at nothing else."""

    def __init__(self, data_key: bytes) -> None:
        """Know the data key."""
        self._data_key = data_key

    def generate_data_key(self, context: EncryptionContext) -> tuple[DataKey, Sequence[EncryptedDataKey]]:
        """Hand the data key out, encrypted by nobody."""
        return DataKey(self._data_key), (EncryptedDataKey(b"known", str(context.size).encode(), b"-"),)

    def decrypt_data_key(
        self,
        encrypted_data_keys: Sequence[EncryptedDataKey],  # noqa: ARG002  # the interface's
        context: EncryptionContext,  # noqa: ARG002
        *,
        key_bytes: int,
    ) -> DataKey:
        """Hand the data key out."""
        assert len(self._data_key) == key_bytes
        return DataKey(self._data_key)
