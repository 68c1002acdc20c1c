"""The raw AES keyring of the AWS Encryption SDKs, for 128, 192 and 256 bits."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from envelope.format.encrypted_data_keys import EncryptedDataKey
from tests.support.keyrings.unwrapping import UnwrappingKeyring
from tests.support.plain_header import WrappedKey

_NONCE_BYTES = 12


class RawAes(UnwrappingKeyring):
    """Data keys under one AES key."""

    def __init__(self, *, namespace: str, name: str, key: bytes) -> None:
        """Know the wrapping key and what writers call it."""
        self._namespace = namespace.encode()
        self._info = name.encode() + (128).to_bytes(4) + _NONCE_BYTES.to_bytes(4)
        self._cipher = AESGCM(key)

    def wrap(self, data_key: bytes, context: bytes) -> WrappedKey:
        """Encrypt a data key, as the fields of a header."""
        nonce = os.urandom(_NONCE_BYTES)
        return self._namespace, self._info + nonce, self._cipher.encrypt(nonce, data_key, context)

    def unwrap(self, key: EncryptedDataKey, context: bytes) -> bytes | None:
        """Decrypt with AES-GCM, bound to the encryption context."""
        info, nonce = key.provider_info[:-_NONCE_BYTES], key.provider_info[-_NONCE_BYTES:]
        if key.provider_id != self._namespace or info != self._info:
            return None
        try:
            return self._cipher.decrypt(nonce, key.ciphertext, context)
        except InvalidTag:
            return None
