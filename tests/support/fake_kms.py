"""KMS in memory, with the method names of a KMS client: it wraps data keys for real and records every call."""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_ARN = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER_KEY_ARN = "arn:aws:kms:eu-central-1:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321"
FAR_KEY_ARN = "arn:aws:kms:us-west-2:111122223333:key/5678abcd-12ab-34cd-56ef-1234567890cd"
MULTI_REGION_ARN = "arn:aws:kms:eu-central-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"
REPLICA_ARN = "arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"


@dataclass(frozen=True)
class Call:
    """One call, as CloudTrail would see it."""

    operation: str
    key_id: str
    context: dict[str, str]
    grant_tokens: tuple[str, ...] = ()


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
    """Keys that exist are those that are used; each wraps with AES-GCM and binds the encryption context.

    Called with a Region it gives itself: it has the keys of all of them. `FakeRegions` has a KMS for each.
    """

    def __init__(
        self,
        *,
        random: Callable[[int], bytes] = os.urandom,
        failure: Exception | None = None,
        failures: Iterable[Exception | None] = (),
        answers: dict[str, Any] | None = None,
    ) -> None:
        """Make calls fail, or change what they say.

        Args:
            random: Where data keys and nonces come from.
            failure: What every call raises.
            failures: What the calls raise in turn, those with None excepted; the calls after them do not fail.
            answers: Replaces what KMS says.
        """
        self.calls: list[Call] = []
        self.data_keys: list[bytes] = []
        self._random = random
        self._failure = failure
        self._failures = iter(failures)
        self._answers = answers or {}

    def __call__(self, region: str) -> "FakeKms":
        """The client of a Region."""
        assert region
        return self

    def generate_data_key(
        self,
        *,
        KeyId: str,  # noqa: N803  # AWS's names
        NumberOfBytes: int,  # noqa: N803
        EncryptionContext: Mapping[str, str],  # noqa: N803
        GrantTokens: Sequence[str] = (),  # noqa: N803
    ) -> dict[str, Any]:
        """`kms:GenerateDataKey`."""
        self._record("GenerateDataKey", KeyId, EncryptionContext, GrantTokens)
        data_key = self._random(NumberOfBytes)
        self.data_keys.append(data_key)
        blob = self.wrap(data_key, key_id=KeyId, context=EncryptionContext)
        return {"KeyId": KeyId, "Plaintext": data_key, "CiphertextBlob": blob, **self._answers}

    def encrypt(
        self,
        *,
        KeyId: str,  # noqa: N803
        Plaintext: bytes | bytearray,  # noqa: N803
        EncryptionContext: Mapping[str, str],  # noqa: N803
        GrantTokens: Sequence[str] = (),  # noqa: N803
    ) -> dict[str, Any]:
        """`kms:Encrypt`."""
        self._record("Encrypt", KeyId, EncryptionContext, GrantTokens)
        blob = self.wrap(bytes(Plaintext), key_id=KeyId, context=EncryptionContext)
        return {"KeyId": KeyId, "CiphertextBlob": blob, **self._answers}

    def decrypt(
        self,
        *,
        KeyId: str,  # noqa: N803
        CiphertextBlob: bytes,  # noqa: N803
        EncryptionContext: Mapping[str, str],  # noqa: N803
        GrantTokens: Sequence[str] = (),  # noqa: N803
    ) -> dict[str, Any]:
        """`kms:Decrypt`."""
        self._record("Decrypt", KeyId, EncryptionContext, GrantTokens)
        nonce, wrapped = CiphertextBlob[:12], CiphertextBlob[12:]
        try:
            data_key = self._cipher(KeyId).decrypt(nonce, wrapped, _bound(EncryptionContext))
        except (InvalidTag, ValueError) as error:
            raise client_error("InvalidCiphertextException") from error
        self.data_keys.append(data_key)
        return {"KeyId": KeyId, "Plaintext": data_key, **self._answers}

    def wrap(self, data_key: bytes, *, key_id: str, context: Mapping[str, str]) -> bytes:
        """Encrypt a data key, without anybody calling."""
        nonce = self._random(12)
        return nonce + self._cipher(key_id).encrypt(nonce, data_key, _bound(context))

    def _record(
        self, operation: str, key_id: str, context: Mapping[str, str], grant_tokens: Sequence[str] = ()
    ) -> None:
        self.calls.append(Call(operation, key_id, dict(context), tuple(grant_tokens)))
        failure = next(self._failures, self._failure)
        if failure is not None:
            raise failure

    @staticmethod
    def _cipher(key_id: str) -> AESGCM:
        # Replicas of a multi-Region key end alike, and have the same key material.
        return AESGCM(key_id[-32:].encode())


class FakeRegions:
    """A KMS in each Region, which knows no key of another Region."""

    def __init__(self, **options: dict[str, Any]) -> None:
        """Give options to the KMS of a Region, as `us_west_2={"failure": ...}`."""
        self._options = {name.replace("_", "-"): each for name, each in options.items()}
        self.made: dict[str, FakeKms] = {}

    def __call__(self, region: str) -> FakeKms:
        """Make the client of a Region, once."""
        assert region not in self.made, "a client must be made once"
        self.made[region] = _KmsOfRegion(region, **self._options.get(region, {}))
        return self.made[region]

    @property
    def operations(self) -> list[str]:
        """What was called, in the order of the Regions that were asked."""
        return [f"{region}: {call.operation}" for region, kms in self.made.items() for call in kms.calls]


class _KmsOfRegion(FakeKms):
    def __init__(self, region: str, **options: Any) -> None:
        super().__init__(**options)
        self._region = region

    def _record(
        self, operation: str, key_id: str, context: Mapping[str, str], grant_tokens: Sequence[str] = ()
    ) -> None:
        super()._record(operation, key_id, context, grant_tokens)
        if key_id.split(":")[3] != self._region:
            raise client_error("NotFoundException")


def _bound(context: Mapping[str, str]) -> bytes:
    return json.dumps(dict(context), sort_keys=True).encode()
