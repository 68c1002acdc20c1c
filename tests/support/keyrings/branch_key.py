"""The hierarchical keyring of the AWS Encryption SDKs, with a branch key that is known instead of kept in DynamoDB."""

from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from envelope.format.encrypted_data_keys import EncryptedDataKey
from tests.support.keyrings.counter_derivation import counter_derivation
from tests.support.keyrings.unwrapping import UnwrappingKeyring

_PROVIDER_ID = b"aws-kms-hierarchy"


class BranchKey(UnwrappingKeyring):
    """Data keys under keys that are derived from one branch key."""

    def __init__(self, *, branch_key_id: str, version: str, branch_key: bytes) -> None:
        """Know the branch key, its id and its version."""
        self._id, self._version, self._key = branch_key_id.encode(), UUID(version).bytes, branch_key

    def unwrap(self, key: EncryptedDataKey, context: bytes) -> bytes | None:
        """Derive the wrapping key and decrypt with it."""
        salt, nonce, version, wrapped = _cut(key.ciphertext, 16, 12, 16)
        if key.provider_id != _PROVIDER_ID or key.provider_info != self._id or version != self._version:
            return None
        wrapping = counter_derivation(self._key, label=_PROVIDER_ID, salt=salt, length=32, hash_name="sha256")
        try:
            return AESGCM(wrapping).decrypt(nonce, wrapped, _PROVIDER_ID + self._id + version + context)
        except InvalidTag:
            return None


def _cut(data: bytes, *lengths: int) -> list[bytes]:
    parts = []
    for length in lengths:
        parts.append(data[:length])
        data = data[length:]
    return [*parts, data]
