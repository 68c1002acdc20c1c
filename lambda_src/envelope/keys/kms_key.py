"""One key of KMS: three calls, and what is checked in their answers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from botocore.exceptions import ConnectionError as NoConnection

from envelope.errors import KeyUnavailable, NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.encrypted_data_keys import EncryptedDataKey
from envelope.keys.key_arns import KeyArn
from envelope.keys.keyring import DataKey
from envelope.keys.kms_clients import ClientOfRegion
from envelope.keys.kms_remedies import remedy_of
from envelope.limits import DATA_KEY_BYTES, KMS_CIPHERTEXT_BYTES_MAX

PROVIDER_ID: Final = b"aws-kms"
"""What an encrypted data key says if KMS can decrypt it (AWS KMS keyring). Any other spelling is another provider."""

_T = TypeVar("_T")


class KmsKey:
    """A key that every call names by its ARN, so that neither a message nor an alias can choose another one."""

    def __init__(self, arn: KeyArn, *, clients: ClientOfRegion, grant_tokens: Sequence[str]) -> None:
        """Name the key.

        Args:
            arn: Its ARN, which also says whose client is asked.
            clients: The clients of the Regions; none is made before the first call.
            grant_tokens: Tokens of grants that KMS may not know of yet; they go with every call.
        """
        self.arn = arn
        self._name = str(arn)
        self._clients = clients
        self._granted: dict[str, Any] = {"GrantTokens": list(grant_tokens)} if grant_tokens else {}

    def generate_data_key(self, context: EncryptionContext) -> tuple[DataKey, EncryptedDataKey]:
        """Let KMS make a data key of 32 bytes.

        Args:
            context: What KMS binds it to and writes into its log.

        Returns:
            The data key, and the same key encrypted.

        Raises:
            KeyAccessDenied: If KMS refuses.
            KeyUnavailable: If KMS cannot answer now, or answers something else than was asked for.
            InvalidRequest: If KMS does not take the context.
        """
        answer = self._call(
            "GenerateDataKey",
            lambda: self._clients(self.arn.region).generate_data_key(
                KeyId=self._name,
                NumberOfBytes=DATA_KEY_BYTES,
                EncryptionContext=context.to_dict(),
                **self._granted,
            ),
        )
        encrypted = self._encrypted_data_key("GenerateDataKey", answer)
        length = len(answer["Plaintext"])
        if length != DATA_KEY_BYTES:
            raise KeyUnavailable(
                f"KMS must answer GenerateDataKey with a data key of {DATA_KEY_BYTES} bytes, got {length}"
            )
        return DataKey(answer["Plaintext"]), encrypted

    def encrypt_data_key(self, data_key: DataKey, context: EncryptionContext) -> EncryptedDataKey:
        """Let KMS encrypt a data key that another key made.

        Args:
            data_key: The data key.
            context: What KMS binds it to and writes into its log.

        Returns:
            The data key, encrypted.

        Raises:
            KeyAccessDenied: If KMS refuses.
            KeyUnavailable: If KMS cannot answer now, or answers something else than was asked for.
            InvalidRequest: If KMS does not take the context.
        """
        answer = self._call(
            "Encrypt",
            lambda: self._clients(self.arn.region).encrypt(
                KeyId=self._name,
                Plaintext=data_key.secret,
                EncryptionContext=context.to_dict(),
                **self._granted,
            ),
        )
        return self._encrypted_data_key("Encrypt", answer)

    def decrypt_data_key(self, ciphertext: bytes, context: EncryptionContext, *, key_bytes: int) -> DataKey:
        """Let KMS decrypt a data key.

        Args:
            ciphertext: The encrypted data key.
            context: What it was bound to.
            key_bytes: How long the data key must be.

        Returns:
            The data key.

        Raises:
            NotAuthentic: If it is not under this key and this context, or is a data key of another length.
            KeyAccessDenied: If KMS refuses.
            KeyUnavailable: If KMS cannot answer now, or answers something else than was asked for.
            InvalidRequest: If KMS does not take the context.
        """
        answer = self._call(
            "Decrypt",
            lambda: self._clients(self.arn.region).decrypt(
                KeyId=self._name,
                CiphertextBlob=ciphertext,
                EncryptionContext=context.to_dict(),
                **self._granted,
            ),
        )
        self._check_key("Decrypt", answer)
        if len(answer["Plaintext"]) != key_bytes:
            # Who may encrypt under this key has encrypted something else than a data key of this message.
            raise NotAuthentic
        return DataKey(answer["Plaintext"])

    def _call(self, operation: str, call: Callable[[], _T]) -> _T:
        try:
            return call()
        except ClientError as error:
            raise remedy_of(error, operation=operation, key_arn=self._name) from error
        except BotoCoreError as error:
            # Its text can hold what was sent; its name says enough.
            where = f": KMS cannot be reached in {self.arn.region}" if isinstance(error, NoConnection) else ""
            raise KeyUnavailable(
                f"KMS must answer {operation} with {self._name}, got {type(error).__name__}{where}"
            ) from error

    def _encrypted_data_key(self, operation: str, answer: Mapping[str, Any]) -> EncryptedDataKey:
        self._check_key(operation, answer)
        ciphertext = bytes(answer["CiphertextBlob"])
        if not _kms_takes(ciphertext):
            raise KeyUnavailable(
                f"KMS must answer {operation} with 1 to {KMS_CIPHERTEXT_BYTES_MAX} encrypted bytes, "
                f"got {len(ciphertext)}"
            )
        return EncryptedDataKey(PROVIDER_ID, self._name.encode(), ciphertext)

    def _check_key(self, operation: str, answer: Mapping[str, Any]) -> None:
        if answer["KeyId"] != self._name:
            raise KeyUnavailable(f"KMS must answer {operation} with {self._name}, got {answer['KeyId']}")


def key_arn_in(candidate: EncryptedDataKey) -> KeyArn | None:
    """Read which key of KMS an encrypted data key is under, as somebody claims.

    Args:
        candidate: One of a header.

    Returns:
        The ARN; None if it is another provider's, names no key, or is nothing that KMS would look at.
    """
    if candidate.provider_id != PROVIDER_ID or not _kms_takes(candidate.ciphertext):
        return None
    return KeyArn.from_message(candidate.provider_info)


def _kms_takes(ciphertext: bytes) -> bool:
    return 1 <= len(ciphertext) <= KMS_CIPHERTEXT_BYTES_MAX
