"""A keyring on one KMS key, which it names in every call."""

# The parameters of KMS operations are spelled as AWS spells them.
# ruff: noqa: N803

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from envelope.context import EncryptionContext
from envelope.errors import (
    EnvelopeError,
    InvalidRequest,
    KeyAccessDenied,
    KeyUnavailable,
    NotAuthentic,
)
from envelope.header import EncryptedDataKey
from envelope.keyring import DataKey
from envelope.limits import DATA_KEY_BYTES, KMS_CIPHERTEXT_BYTES_MAX

_PROVIDER_ID: Final = b"aws-kms"
_KEY_ARN: Final = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+")
_SERVER_ERROR: Final = 500

# What KMS can answer, by what the caller should do about it (KMS API reference, errors of GenerateDataKey and
# Decrypt, and common errors). What is not listed is the server's fault from status 500 on. Below that it means that
# KMS will not serve this function as it is set up: a disabled key, a key that is to be deleted or does not exist,
# rejected credentials. Trying again does not help, somebody has to act: the remedy of a denied access.
_REMEDIES: Final[Mapping[str, type[EnvelopeError]]] = {
    "AccessDeniedException": KeyAccessDenied,
    "DisabledException": KeyAccessDenied,
    "KMSInvalidStateException": KeyAccessDenied,
    "NotFoundException": KeyAccessDenied,
    "InvalidKeyUsageException": KeyAccessDenied,
    "DependencyTimeoutException": KeyUnavailable,
    "ExpiredTokenException": KeyUnavailable,  # the function's next credentials are valid again
    "KeyUnavailableException": KeyUnavailable,
    "KMSInternalException": KeyUnavailable,
    "LimitExceededException": KeyUnavailable,
    "RequestLimitExceeded": KeyUnavailable,
    "Throttling": KeyUnavailable,
    "ThrottlingException": KeyUnavailable,
    "TooManyRequestsException": KeyUnavailable,
    "IncorrectKeyException": NotAuthentic,
    "InvalidCiphertextException": NotAuthentic,
    "ValidationException": InvalidRequest,  # all that varies is the context, and KMS may take less of it than we do
}

_T = TypeVar("_T")


class KmsClient(Protocol):
    """The two operations of a KMS client that this package calls."""

    def generate_data_key(
        self, *, KeyId: str, NumberOfBytes: int, EncryptionContext: dict[str, str]
    ) -> Mapping[str, Any]:
        """Call `kms:GenerateDataKey`."""
        ...

    def decrypt(self, *, KeyId: str, CiphertextBlob: bytes, EncryptionContext: dict[str, str]) -> Mapping[str, Any]:
        """Call `kms:Decrypt`."""
        ...


def region_of(key_arn: str) -> str:
    """Say in which Region a key is.

    Args:
        key_arn: The ARN of a key. Not of an alias, which can be pointed at another key.

    Returns:
        The Region.

    Raises:
        ValueError: If it is anything else than the ARN of a key.

    Examples:
        >>> region_of("arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")
        'eu-central-1'
    """
    if not _KEY_ARN.fullmatch(key_arn):
        raise ValueError(f"key_arn must be the ARN of a KMS key, got {key_arn!r}")
    return key_arn.split(":")[3]


class KmsKeyring:
    """Data keys under one KMS key, in strict mode (AWS KMS keyring, "OnEncrypt" and "OnDecrypt").

    Both operations name the key by its ARN, so that neither a message nor an alias can choose another one.

    Examples:
        >>> arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
        >>> KmsKeyring(None, key_arn=arn)
        KmsKeyring(key_arn='arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab')
    """

    def __init__(self, client: KmsClient, *, key_arn: str) -> None:
        """Name the key.

        Args:
            client: A KMS client of the key's Region.
            key_arn: The ARN of the key. Not of an alias, which can be pointed at another key.

        Raises:
            ValueError: If it is anything else than the ARN of a key.
        """
        region_of(key_arn)  # refuses what is not the ARN of a key
        self._client = client
        self.key_arn = key_arn

    def __repr__(self) -> str:
        """Name the key."""
        return f"{type(self).__name__}(key_arn={self.key_arn!r})"

    def generate_data_key(self, context: EncryptionContext) -> tuple[DataKey, Sequence[EncryptedDataKey]]:
        """Let KMS make a data key.

        Args:
            context: What KMS binds it to and writes into its log.

        Returns:
            The data key, and the data key encrypted under the KMS key.

        Raises:
            KeyAccessDenied: If KMS refuses.
            KeyUnavailable: If KMS cannot answer now, or answers something else than was asked for.
            InvalidRequest: If KMS does not take the context.
        """
        answer = self._call(
            "GenerateDataKey",
            lambda: self._client.generate_data_key(
                KeyId=self.key_arn, NumberOfBytes=DATA_KEY_BYTES, EncryptionContext=context.to_dict()
            ),
        )
        data_key = self._checked_data_key("GenerateDataKey", answer)
        encrypted = EncryptedDataKey(_PROVIDER_ID, self.key_arn.encode(), bytes(answer["CiphertextBlob"]))
        return data_key, (encrypted,)

    def decrypt_data_key(self, encrypted_data_keys: Sequence[EncryptedDataKey], context: EncryptionContext) -> DataKey:
        """Let KMS decrypt the data key of a message.

        Args:
            encrypted_data_keys: As the header has them. Those that are not under this key cost no call.
            context: What the data key was bound to.

        Returns:
            The data key.

        Raises:
            NotAuthentic: If none of them is under this key and this context.
            KeyAccessDenied: If KMS refuses.
            KeyUnavailable: If KMS cannot answer now, or answers something else than was asked for.
            InvalidRequest: If KMS does not take the context.
        """
        for candidate in encrypted_data_keys:
            if not self._is_ours(candidate):
                continue
            try:
                return self._decrypt(candidate, context)
            except NotAuthentic:
                # Said about this encrypted data key; another one may be good. Every other error is about the key
                # or the call, and would come again.
                continue
        raise NotAuthentic

    def _is_ours(self, candidate: EncryptedDataKey) -> bool:
        return (
            candidate.provider_id == _PROVIDER_ID
            and candidate.provider_info == self.key_arn.encode()
            and 1 <= len(candidate.ciphertext) <= KMS_CIPHERTEXT_BYTES_MAX
        )

    def _decrypt(self, candidate: EncryptedDataKey, context: EncryptionContext) -> DataKey:
        answer = self._call(
            "Decrypt",
            lambda: self._client.decrypt(
                KeyId=self.key_arn, CiphertextBlob=candidate.ciphertext, EncryptionContext=context.to_dict()
            ),
        )
        return self._checked_data_key("Decrypt", answer)

    def _call(self, operation: str, call: Callable[[], _T]) -> _T:
        try:
            return call()
        except ClientError as error:
            raise self._remedy(operation, error) from error
        except BotoCoreError as error:
            # Its text can hold what was sent; its name says enough.
            raise KeyUnavailable(f"KMS must answer {operation}, got {type(error).__name__}") from error

    def _remedy(self, operation: str, error: ClientError) -> EnvelopeError:
        code = error.response.get("Error", {}).get("Code", "no error code")
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        remedy = _REMEDIES.get(code, KeyUnavailable if status >= _SERVER_ERROR else KeyAccessDenied)
        if remedy is NotAuthentic:
            return NotAuthentic()
        if remedy is InvalidRequest:
            return InvalidRequest(f"encryption_context must be one that KMS takes, got {code} from {operation}")
        return remedy(f"KMS must allow {operation} with {self.key_arn}, got {code}")

    def _checked_data_key(self, operation: str, answer: Mapping[str, Any]) -> DataKey:
        key_arn, secret = answer["KeyId"], answer["Plaintext"]
        if key_arn != self.key_arn:
            raise KeyUnavailable(f"KMS must answer {operation} with {self.key_arn}, got {key_arn}")
        if len(secret) != DATA_KEY_BYTES:
            raise KeyUnavailable(
                f"KMS must answer {operation} with a data key of {DATA_KEY_BYTES} bytes, got {len(secret)}"
            )
        return DataKey(secret)
