"""A keyring that knows the data key and looks at nothing else."""

from envelope.format.encrypted_data_keys import EncryptedDataKey
from tests.support.keyrings.unwrapping import UnwrappingKeyring


class KnownSecret(UnwrappingKeyring):
    """The keyring of published messages that name their data key."""

    def __init__(self, data_key: bytes) -> None:
        """Know the data key; an empty one opens nothing."""
        self._data_key = data_key

    def unwrap(self, key: EncryptedDataKey, context: bytes) -> bytes | None:  # noqa: ARG002  # it looks at nothing
        """Hand the data key out."""
        return self._data_key
