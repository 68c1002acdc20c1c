"""Messages of format 1 under data keys that everybody can guess, and some under KMS keys that nobody has."""

import base64
from typing import Any

from envelope.format.header import UnverifiedHeader
from tests.support.keyrings.known_secret import KnownSecret
from tests.support.opening import DOORS, EVERYTHING
from tests.support.plain_header import parse_header
from tests.support.plain_reader import frames_of
from tests.support.published import Record, count, published_json


def oracle_messages() -> list[dict[str, Any]]:
    return list(published_json("decrypt-oracle-vectors.json") or [])


def keyring_of(kind: str, key_bytes: int) -> KnownSecret:
    secrets = {"null": bytes(key_bytes), "test_counting": bytes(range(1, key_bytes + 1))}
    return KnownSecret(secrets[kind])


def test_every_message_under_a_known_data_key_is_read(record_property: Record) -> None:
    vectors = [vector for vector in oracle_messages() if vector["key-type"] != "aws-kms"]
    for vector in vectors:
        sealed = base64.b64decode(vector["ciphertext"])
        suite = UnverifiedHeader.parse(sealed, policy=EVERYTHING).suite
        keyring = keyring_of(vector["key-type"], suite.key_bytes)

        assert suite.name == vector["algorithm-suite"]
        for door in DOORS:
            assert door(sealed, keyring) == base64.b64decode(vector["plaintext"])
    count(record_property, "published messages read", len(vectors))


def test_every_message_under_a_kms_key_is_parsed(record_property: Record) -> None:
    vectors = [vector for vector in oracle_messages() if vector["key-type"] == "aws-kms"]
    for vector in vectors:
        sealed = base64.b64decode(vector["ciphertext"])
        header = UnverifiedHeader.parse(sealed, policy=EVERYTHING)

        assert header.suite.name == vector["algorithm-suite"]
        assert {key.provider_id for key in header.encrypted_data_keys} == {b"aws-kms"}
        assert [frame.final for frame in frames_of(sealed, parse_header(sealed))][-1]
    count(record_property, "published messages parsed", len(vectors))
