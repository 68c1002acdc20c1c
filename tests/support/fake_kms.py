"""KMS in memory, with the method names of a KMS client: it wraps data keys for real and records every call."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_ARN = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER_KEY_ARN = "arn:aws:kms:eu-central-1:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321"


@dataclass(frozen=True)
class Call:
    """One call, as CloudTrail would see it."""

    operation: str
    key_id: str
    context: dict[str, str]


def client_error(code: str, *, operation: str = "Decrypt", status: int = 400) -> ClientError:
    """What botocore raises when KMS answers with an error."""
    return ClientError(
        {
            "Error": {"Code": code, "Message": f"{code}, said KMS"},
            "ResponseMetadata": {
                "HTTPStatusCode": status,
                "RequestId": "0000",
                "HostId": "",
                "HTTPHeaders": {},
                "RetryAttempts": 0,
            },
        },
        operation,
    )


class FakeKms:
    """Keys that exist are those that are used; each wraps with AES-GCM and binds the encryption context."""

    def __init__(
        self,
        *,
        random: Callable[[int], bytes] = os.urandom,
        failure: Exception | None = None,
        answers: dict[str, Any] | None = None,
    ) -> None:
        """Raise `failure` in every call, if there is one; replace what KMS says by `answers`."""
        self.calls: list[Call] = []
        self.data_keys: list[bytes] = []
        self._random = random
        self._failure = failure
        self._answers = answers or {}

    def generate_data_key(
        self,
        *,
        KeyId: str,  # noqa: N803  # AWS's names
        NumberOfBytes: int,  # noqa: N803
        EncryptionContext: dict[str, str],  # noqa: N803
    ) -> dict[str, Any]:
        """`kms:GenerateDataKey`."""
        self._record("GenerateDataKey", KeyId, EncryptionContext)
        data_key = self._random(NumberOfBytes)
        self.data_keys.append(data_key)
        blob = self.wrap(data_key, key_id=KeyId, context=EncryptionContext)
        return {"KeyId": KeyId, "Plaintext": data_key, "CiphertextBlob": blob, **self._answers}

    def decrypt(
        self,
        *,
        KeyId: str,  # noqa: N803
        CiphertextBlob: bytes,  # noqa: N803
        EncryptionContext: dict[str, str],  # noqa: N803
    ) -> dict[str, Any]:
        """`kms:Decrypt`."""
        self._record("Decrypt", KeyId, EncryptionContext)
        nonce, wrapped = CiphertextBlob[:12], CiphertextBlob[12:]
        try:
            data_key = self._cipher(KeyId).decrypt(nonce, wrapped, _bound(EncryptionContext))
        except (InvalidTag, ValueError) as error:
            raise client_error("InvalidCiphertextException") from error
        self.data_keys.append(data_key)
        return {"KeyId": KeyId, "Plaintext": data_key, **self._answers}

    def wrap(self, data_key: bytes, *, key_id: str, context: dict[str, str]) -> bytes:
        """Encrypt a data key, without anybody calling."""
        nonce = self._random(12)
        return nonce + self._cipher(key_id).encrypt(nonce, data_key, _bound(context))

    def _record(self, operation: str, key_id: str, context: dict[str, str]) -> None:
        self.calls.append(Call(operation, key_id, dict(context)))
        if self._failure is not None:
            raise self._failure

    @staticmethod
    def _cipher(key_id: str) -> AESGCM:
        return AESGCM(key_id[-32:].encode())


def _bound(context: dict[str, str]) -> bytes:
    return json.dumps(context, sort_keys=True).encode()
