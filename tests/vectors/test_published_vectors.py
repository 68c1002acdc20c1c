"""The known answers for message format 2 that AWS published, where they stand beside the checkout."""

import base64
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from envelope import message
from envelope.context import EncryptionContext
from envelope.errors import EnvelopeError, MalformedMessage, NotAuthentic
from envelope.header import UnverifiedHeader
from envelope.keyring import Keyring
from envelope.kms_keyring import KmsKeyring
from tests.support.fake_kms import FakeKms
from tests.support.raw_keyring import KnownDataKey

PUBLISHED = Path(__file__).parents[3] / "shared" / "vectors" / "commitment-test-vectors.json"


def published() -> list[dict[str, Any]]:
    if not PUBLISHED.exists():
        return []
    tests: list[dict[str, Any]] = json.loads(PUBLISHED.read_text())["tests"]
    return tests


def keyring_for(vector: dict[str, Any], sealed: bytes) -> Keyring:
    """KMS answers with the published data key where KMS encrypted it."""
    data_key = base64.b64decode(vector["decrypted-dek"])
    if vector["keyring-type"] != "aws-kms":
        return KnownDataKey(data_key)
    key_arn = UnverifiedHeader.parse(sealed).encrypted_data_keys[0].provider_info.decode()
    return KmsKeyring(PublishedKms(data_key), key_arn=key_arn)


class PublishedKms(FakeKms):
    """KMS that decrypts everything to one data key."""

    def __init__(self, data_key: bytes) -> None:
        super().__init__()
        self._data_key = data_key

    def decrypt(self, *, KeyId: str, CiphertextBlob: bytes, EncryptionContext: dict[str, str]) -> dict[str, Any]:  # noqa: N803  # AWS's names
        assert CiphertextBlob
        self._record("Decrypt", KeyId, EncryptionContext)
        return {"KeyId": KeyId, "Plaintext": self._data_key}


def outcome(vector: dict[str, Any]) -> str | bytes:
    sealed = base64.b64decode(vector["ciphertext"])
    try:
        return bytes(
            message.decrypt(
                sealed,
                keyring=keyring_for(vector, sealed),
                context=EncryptionContext.of(vector["encryption-context"]),
            )
        )
    except EnvelopeError as error:
        return f"{type(error).__name__}: {error}"


def is_signed(vector: dict[str, Any]) -> bool:
    return base64.b64decode(vector["ciphertext"])[1:3] == b"\x05\x78"


def test_the_published_messages_are_read_or_refused_as_published(
    record_property: Callable[[str, object], None],
) -> None:
    vectors = [vector for vector in published() if not is_signed(vector)]

    for vector in vectors:
        expected: str | bytes = f"{NotAuthentic.__name__}: {NotAuthentic()}"
        if vector["status"]:
            expected = "".join(vector["plaintext-frames"]).encode()
        assert outcome(vector) == expected, vector["comment"]

    record_property("published vectors", len(vectors))
    print(f"{len(vectors)} published vectors of suite 0478")  # noqa: T201  # says so where there are none
    assert vectors or os.environ.get("REQUIRE_PUBLISHED_VECTORS") != "1"


def test_refuses_the_published_signed_messages_as_unsupported(record_property: Callable[[str, object], None]) -> None:
    vectors = [vector for vector in published() if is_signed(vector)]

    for vector in vectors:
        with pytest.raises(MalformedMessage, match="signed messages are not supported"):
            UnverifiedHeader.parse(base64.b64decode(vector["ciphertext"]))

    record_property("published vectors", len(vectors))
    print(f"{len(vectors)} published vectors of suite 0578")  # noqa: T201  # says so where there are none
    assert vectors or os.environ.get("REQUIRE_PUBLISHED_VECTORS") != "1"
