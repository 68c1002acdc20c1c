"""The canonical list of messages that AWS SDKs must read from each other, written by aws-encryption-sdk."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aws_encryption_sdk
from aws_encryption_sdk.identifiers import Algorithm, CommitmentPolicy, EncryptionKeyType, WrappingAlgorithm
from aws_encryption_sdk.internal.crypto.wrapping_keys import WrappingKey
from aws_encryption_sdk.key_providers.raw import RawMasterKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from envelope.keys.keyring import Keyring
from tests.support.fake_kms import FakeKms
from tests.support.keyrings.kms_in_memory import KmsInMemory
from tests.support.keyrings.of_manifest import Keys, keyring_of
from tests.support.keyrings.raw_rsa import rsa_private_key
from tests.support.keyrings.several import Several
from tests.support.keyrings.unwrapping import UnwrappingKeyring
from tests.support.published import published_json
from tests.support.sdk import kms_provider

_RSA = {
    "pkcs1": WrappingAlgorithm.RSA_PKCS1,
    "sha1": WrappingAlgorithm.RSA_OAEP_SHA1_MGF1,
    "sha256": WrappingAlgorithm.RSA_OAEP_SHA256_MGF1,
    "sha384": WrappingAlgorithm.RSA_OAEP_SHA384_MGF1,
    "sha512": WrappingAlgorithm.RSA_OAEP_SHA512_MGF1,
}
_KMS_KEYS = {
    "us-west-2-decryptable": "arn:aws:kms:us-west-2:658956600833:key/b3537ef1-d8dc-4780-9f5a-55776cbb2f7f",
    "us-west-2-encrypt-only": "arn:aws:kms:us-west-2:658956600833:key/590fd781-ddde-4036-abec-3e1ab5a5d2ad",
}
"""The aliases of the list, resolved, as the published messages have them."""

Description = Mapping[str, Any]


@dataclass
class Replay:
    """The published keys, for the SDK that writes and for the keyrings that read."""

    keys: Keys
    plaintexts: Mapping[str, bytes]
    kms: FakeKms = field(default_factory=FakeKms)
    _providers: dict[str, Any] = field(default_factory=dict)
    _keyrings: dict[str, UnwrappingKeyring] = field(default_factory=dict)

    def write(self, scenario: Description) -> bytes:
        """Let the SDK write the message of a scenario."""
        algorithm = Algorithm.get_by_id(int(scenario["algorithm"], 16))
        policy = CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT
        if algorithm.is_committing():
            policy = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
        sealed, _ = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=policy).encrypt(
            source=self.plaintexts[scenario["plaintext"]],
            key_provider=self._provider(scenario["master-keys"]),
            encryption_context=scenario["encryption-context"],
            algorithm=algorithm,
            frame_length=scenario["frame-size"],
        )
        return bytes(sealed)

    def keyring(self, descriptions: list[Description]) -> Keyring:
        """What reads messages under these master keys."""
        return Several([self._keyring(description) for description in descriptions])

    def _provider(self, descriptions: list[Description]) -> Any:
        name = str(descriptions)
        if name not in self._providers:
            first, *others = (self._master_key(description) for description in descriptions)
            for other in others:
                first.add_master_key_provider(other)
            self._providers[name] = first
        return self._providers[name]

    def _master_key(self, description: Description) -> Any:
        if description["type"] == "aws-kms":
            return kms_provider(self.kms, key_arn=_KMS_KEYS[description["key"]])
        key = self.keys[description["key"]]
        wrapping_key = _symmetric(key) if key["type"] == "symmetric" else _public(key, description)
        return RawMasterKey(key_id=key["key-id"], provider_id=description["provider-id"], wrapping_key=wrapping_key)

    def _keyring(self, description: Description) -> UnwrappingKeyring:
        name = str(description)
        if name not in self._keyrings:
            made = keyring_of(description, self.keys)
            self._keyrings[name] = (
                KmsInMemory(self.kms, key_arn=_KMS_KEYS[description["key"]]) if made is None else made
            )
        return self._keyrings[name]


def _symmetric(key: Description) -> Any:
    algorithm = getattr(WrappingAlgorithm, f"AES_{key['bits']}_GCM_IV12_TAG16_NO_PADDING")
    return WrappingKey(algorithm, base64.b64decode(key["material"]), EncryptionKeyType.SYMMETRIC)


def _public(key: Description, description: Description) -> Any:
    """The public half: all that a writer needs, and the SDK takes long to load a private key."""
    material = key["material"].encode()
    if key["type"] == "private":
        public = rsa_private_key(key["material"]).public_key()
        material = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    padding = description["padding-algorithm"]
    algorithm = _RSA[padding if padding == "pkcs1" else description["padding-hash"]]
    return WrappingKey(algorithm, material, EncryptionKeyType.PUBLIC)


def canonical_list(random: Callable[[int], bytes]) -> tuple[Replay, list[Description]]:
    """The keys and the scenarios, in the order of the list; no scenarios if it is not there."""
    published = published_json("0006-awses-message-decryption-generation.v2.json.gz")
    keys = published_json("0002-keys.v3.json")
    if published is None or keys is None:
        return Replay({}, {}), []
    plaintexts = {name: random(length) for name, length in published["plaintexts"].items()}
    return Replay(keys["keys"], plaintexts), list(published["tests"].values())
