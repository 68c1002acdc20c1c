"""What keyrings share that only read."""

from collections.abc import Sequence
from typing import NoReturn

from envelope.errors import NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.encrypted_data_keys import EncryptedDataKey
from envelope.keys.keyring import DataKey


class UnwrappingKeyring:
    """Tries the encrypted data keys in their order and takes the first that opens."""

    def unwrap(self, key: EncryptedDataKey, context: bytes) -> bytes | None:
        """Open one encrypted data key, or return nothing if it is for somebody else or forged."""
        raise NotImplementedError

    def generate_data_key(self, context: EncryptionContext) -> NoReturn:
        """Refuse: what these keyrings read was written by others."""
        raise TypeError(f"{type(self).__name__} only reads, also under {context}")

    def decrypt_data_key(
        self, encrypted_data_keys: Sequence[EncryptedDataKey], context: EncryptionContext, *, key_bytes: int
    ) -> DataKey:
        """Open the first that is ours and has the length that the suite wants."""
        for key in encrypted_data_keys:
            secret = self.unwrap(key, context.serialise())
            if secret is not None and len(secret) == key_bytes:
                return DataKey(secret)
        raise NotAuthentic
