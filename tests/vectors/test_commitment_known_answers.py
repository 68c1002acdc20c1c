"""Known answers for message format 2, written by the C, Java, JavaScript and Python SDKs: 40 good, 6 bad."""

import base64
from typing import Any

from envelope.cipher.derive import message_keys
from envelope.errors import EnvelopeError, NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.header import UnverifiedHeader
from envelope.format.suites import PUBLIC_KEY
from envelope.keys.keyring import Keyring
from envelope.keys.kms_keyring import KmsKeyring
from tests.support.fake_kms import FakeKms
from tests.support.keyrings.known_secret import KnownSecret
from tests.support.opening import DOORS
from tests.support.published import Record, count, published_json


def known_answers() -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = (published_json("commitment-test-vectors.json") or {"tests": []})["tests"]
    return answers


def context_of(vector: dict[str, Any]) -> EncryptionContext:
    """What a caller would expect; the verification key is the writer's business."""
    entries: dict[str, str] = vector["encryption-context"]
    return EncryptionContext.of({key: value for key, value in entries.items() if key != PUBLIC_KEY})


class PublishedKms(FakeKms):
    """KMS that decrypts everything to one data key."""

    def __init__(self, data_key: bytes) -> None:
        super().__init__()
        self._data_key = data_key

    def decrypt(self, *, KeyId: str, CiphertextBlob: bytes, **_: object) -> dict[str, Any]:  # noqa: N803  # AWS's names
        assert CiphertextBlob
        return {"KeyId": KeyId, "Plaintext": self._data_key}


def keyring_for(vector: dict[str, Any], sealed: bytes, data_key: bytes) -> Keyring:
    """KMS answers with the published data key where KMS encrypted it."""
    if vector["keyring-type"] != "aws-kms":
        return KnownSecret(data_key)
    key_arn = UnverifiedHeader.parse(sealed).encrypted_data_keys[0].provider_info.decode()
    return KmsKeyring(PublishedKms(data_key), key_arn=key_arn)


def test_every_known_answer_is_read_or_refused_as_published(record_property: Record) -> None:
    read = refused = 0
    for vector in known_answers():
        sealed, data_key = base64.b64decode(vector["ciphertext"]), base64.b64decode(vector["decrypted-dek"])
        expected: str | bytes = f"{NotAuthentic.__name__}: {NotAuthentic()}"
        if vector["status"]:
            expected = "".join(vector["plaintext-frames"]).encode()
        for door in DOORS:
            try:
                found: str | bytes = door(sealed, keyring_for(vector, sealed, data_key), context_of(vector))
            except EnvelopeError as error:
                found = f"{type(error).__name__}: {error}"
            assert found == expected, vector["comment"]
        read, refused = (read + 1, refused) if vector["status"] else (read, refused + 1)

    count(record_property, "published messages read", read)
    count(record_property, "published messages refused", refused)


def test_message_key_and_commitment_are_those_that_were_published() -> None:
    for vector in known_answers():
        header = UnverifiedHeader.parse(base64.b64decode(vector["ciphertext"]))
        data_key = bytearray(base64.b64decode(vector["decrypted-dek"]))
        keys = message_keys(data_key, message_id=header.message_id, suite=header.suite)

        assert (keys.commitment == header.commitment) == vector["status"]
        if vector["status"] and "content-encryption-key" in vector:
            assert keys.message_key == base64.b64decode(vector["content-encryption-key"])
        assert header.message_id == base64.b64decode(vector["message-id"])
