"""A keyring whose data key is the beginning of known bytes, as long as the suite wants it."""

from collections.abc import Sequence
from typing import NoReturn

from envelope.format.context import EncryptionContext
from envelope.format.encrypted_data_keys import EncryptedDataKey
from envelope.keys.keyring import DataKey


class KnownBeginning:
    """Opens messages of every suite under one secret, and looks at nothing else."""

    def __init__(self, secret: bytes) -> None:
        """Know the secret."""
        self._secret = secret

    def generate_data_key(self, context: EncryptionContext) -> NoReturn:
        """Refuse: it is for readers."""
        raise TypeError(f"{type(self).__name__} only reads, also under {context}")

    def decrypt_data_key(
        self,
        encrypted_data_keys: Sequence[EncryptedDataKey],  # noqa: ARG002  # the interface's
        context: EncryptionContext,  # noqa: ARG002
        *,
        key_bytes: int,
    ) -> DataKey:
        """Hand the data key out."""
        return DataKey(self._secret[:key_bytes])
