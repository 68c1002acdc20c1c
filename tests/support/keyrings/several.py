"""Keyrings one behind the other."""

from collections.abc import Sequence

from envelope.format.encrypted_data_keys import EncryptedDataKey
from tests.support.keyrings.unwrapping import UnwrappingKeyring


class Several(UnwrappingKeyring):
    """Reads what any of its keyrings reads."""

    def __init__(self, keyrings: Sequence[UnwrappingKeyring]) -> None:
        """Ask them in this order."""
        self._keyrings = keyrings

    def unwrap(self, key: EncryptedDataKey, context: bytes) -> bytes | None:
        """Ask one after the other."""
        for keyring in self._keyrings:
            secret = keyring.unwrap(key, context)
            if secret is not None:
                return secret
        return None
