"""A keyring that remembers how often it was asked."""

from collections.abc import Sequence
from typing import NoReturn

from envelope.format.context import EncryptionContext
from envelope.format.encrypted_data_keys import EncryptedDataKey
from envelope.keys.keyring import DataKey, Keyring


class Watched:
    """Passes questions on and counts them."""

    def __init__(self, keyring: Keyring) -> None:
        """Ask this one."""
        self._keyring = keyring
        self.asked = 0

    def generate_data_key(self, context: EncryptionContext) -> NoReturn:
        """Refuse: it watches readers."""
        raise TypeError(f"{type(self).__name__} only reads, also under {context}")

    def decrypt_data_key(
        self, encrypted_data_keys: Sequence[EncryptedDataKey], context: EncryptionContext, *, key_bytes: int
    ) -> DataKey:
        """Count and pass on."""
        self.asked += 1
        return self._keyring.decrypt_data_key(encrypted_data_keys, context, key_bytes=key_bytes)
