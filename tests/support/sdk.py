"""The AWS Encryption SDK for Python, set up with the keys of these tests: the independent reader and writer."""

from typing import Any

import aws_encryption_sdk
from aws_encryption_sdk.identifiers import Algorithm, CommitmentPolicy, EncryptionKeyType, WrappingAlgorithm
from aws_encryption_sdk.internal.crypto.wrapping_keys import WrappingKey
from aws_encryption_sdk.key_providers.kms import KMSMasterKey
from aws_encryption_sdk.key_providers.raw import RawMasterKeyProvider
from botocore.client import BaseClient

from tests.support.fake_kms import FakeKms
from tests.support.raw_keyring import KEY_NAME, PROVIDER_ID, WRAPPING_KEY

COMMITTING = Algorithm.AES_256_GCM_HKDF_SHA512_COMMIT_KEY
SIGNED = Algorithm.AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384
FORMAT_1 = Algorithm.AES_256_GCM_IV12_TAG16_HKDF_SHA256
ALGORITHMS = {algorithm.algorithm_id: algorithm for algorithm in Algorithm}
"""Every suite that the SDK writes, by its id."""


class _RawProvider(RawMasterKeyProvider):  # type: ignore[misc]  # the SDK has no types
    provider_id = PROVIDER_ID

    def _get_raw_key(self, key_id: bytes) -> WrappingKey:  # noqa: ARG002  # there is one key
        return WrappingKey(
            wrapping_algorithm=WrappingAlgorithm.AES_256_GCM_IV12_TAG16_NO_PADDING,
            wrapping_key=WRAPPING_KEY,
            wrapping_key_type=EncryptionKeyType.SYMMETRIC,
        )


class _SdkKmsClient(BaseClient):
    """What the SDK takes for a KMS client; it leaves an empty encryption context out."""

    def __init__(self, kms: FakeKms) -> None:
        self._kms = kms
        self._user_agent_extra = ""

    def generate_data_key(self, **parameters: Any) -> dict[str, Any]:
        return self._kms.generate_data_key(**{"EncryptionContext": {}, **parameters})

    def decrypt(self, **parameters: Any) -> dict[str, Any]:
        return self._kms.decrypt(**{"EncryptionContext": {}, **parameters})


def raw_provider(*further_names: str) -> Any:
    """The key of `RawKeyring`; under further names too, it wraps each data key more than once."""
    provider = _RawProvider()
    for name in (KEY_NAME, *further_names):
        provider.add_master_key(name)
    return provider


def kms_provider(kms: FakeKms, *, key_arn: str) -> Any:
    """A key of the fake KMS, in strict mode."""
    return KMSMasterKey(key_id=key_arn, client=_SdkKmsClient(kms))


def sdk_encrypt(
    plaintext: bytes,
    *,
    provider: Any,
    context: dict[str, str],
    frame_length: int = 4096,
    algorithm: Any = COMMITTING,
) -> bytes:
    """Let the SDK write a message."""
    policy = CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT
    if algorithm.is_committing():
        policy = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
    message, _ = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=policy).encrypt(
        source=plaintext,
        key_provider=provider,
        encryption_context=context,
        algorithm=algorithm,
        frame_length=frame_length,
    )
    return bytes(message)


def sdk_decrypt(message: bytes, *, provider: Any) -> tuple[bytes, dict[str, str]]:
    """Let the SDK read a message, with its policy for migration if it is of format 1."""
    policy = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
    if message[:1] == b"\x01":
        policy = CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT
    client = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=policy)
    plaintext, header = client.decrypt(source=message, key_provider=provider)
    return bytes(plaintext), dict(header.encryption_context)
