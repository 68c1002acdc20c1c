"""A keyring for messages whose data keys a KMS in memory wrapped."""

from botocore.exceptions import ClientError

from envelope.format.context import EncryptionContext
from envelope.format.encrypted_data_keys import EncryptedDataKey
from tests.support.fake_kms import FakeKms
from tests.support.keyrings.unwrapping import UnwrappingKeyring


class KmsInMemory(UnwrappingKeyring):
    """Asks KMS about data keys under one key."""

    def __init__(self, kms: FakeKms, *, key_arn: str) -> None:
        """Know the key."""
        self._kms, self._key_arn = kms, key_arn

    def unwrap(self, key: EncryptedDataKey, context: bytes) -> bytes | None:
        """Ask, if the data key is under this key."""
        if (key.provider_id, key.provider_info) != (b"aws-kms", self._key_arn.encode()):
            return None
        try:
            answer = self._kms.decrypt(
                KeyId=self._key_arn,
                CiphertextBlob=key.ciphertext,
                EncryptionContext=EncryptionContext.parse(context).to_dict(),
            )
        except ClientError:
            return None
        secret: bytes = answer["Plaintext"]
        return secret
