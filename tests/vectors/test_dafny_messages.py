"""Messages that the SDKs written in Dafny made for the C SDK: every suite under every kind of keyring."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from envelope.errors import NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.expected_context import AtLeast
from envelope.format.header import UnverifiedHeader
from tests.support.keyrings.of_manifest import Keys, keyring_of
from tests.support.opening import DOORS, EVERYTHING, whole
from tests.support.plain_header import parse_header
from tests.support.plain_reader import frames_of
from tests.support.published import Record, count, file_named, published_archive

Scenarios = list[Mapping[str, Any]]


@cache
def archive() -> tuple[Mapping[str, bytes], Scenarios, Keys]:
    files = published_archive("esdk-c-from-dafny-4.1.0.tar.gz")
    if not files:
        return {}, [], {}
    scenarios = json.loads(files["decrypt-manifest.json"])["tests"].values()
    return files, [scenario["decryption-scenario"] for scenario in scenarios], json.loads(files["keys.json"])["keys"]


def needs_aws(scenario: Mapping[str, Any]) -> bool:
    kind: str = scenario["decryptKeyDescription"]["type"]
    return kind.startswith("aws-kms") and kind != "aws-kms-hierarchy"


def test_every_message_under_keys_that_were_published_is_read(record_property: Record) -> None:
    files, scenarios, keys = archive()
    readable = [scenario for scenario in scenarios if not needs_aws(scenario)]
    keyrings = {}

    for scenario in readable:
        name = json.dumps(scenario["decryptKeyDescription"])
        if name not in keyrings:
            keyrings[name] = keyring_of(scenario["decryptKeyDescription"], keys)
        keyring, sealed = keyrings[name], file_named(files, scenario["ciphertext"])
        header = UnverifiedHeader.parse(sealed, policy=EVERYTHING)
        assert keyring is not None
        assert header.suite.name == scenario["algorithmSuiteId"]
        known = AtLeast(EncryptionContext.of(scenario["reproduced-encryption-context"]))
        for door in DOORS:
            plaintext = door(sealed, keyring, known)
            assert plaintext == file_named(files, scenario["result"])
    count(record_property, "published messages read", len(readable))


def test_refuses_a_required_context_that_is_not_the_one() -> None:
    files, scenarios, keys = archive()
    required = [each for each in scenarios if "required" in each["decryptKeyDescription"]["type"]]

    for scenario in required:
        keyring = keyring_of(scenario["decryptKeyDescription"], keys)
        assert keyring is not None
        for context in ({}, {"a": "a", "b": "c"}, {"a": "a", "b": "b", "c": "c"}):
            with pytest.raises(NotAuthentic):
                whole(file_named(files, scenario["ciphertext"]), keyring, EncryptionContext.of(context))


def test_every_message_under_a_kms_key_is_parsed(record_property: Record) -> None:
    files, scenarios, _ = archive()
    closed = [scenario for scenario in scenarios if needs_aws(scenario)]

    for scenario in closed:
        sealed = file_named(files, scenario["ciphertext"])
        header = UnverifiedHeader.parse(sealed, policy=EVERYTHING)
        assert header.suite.name == scenario["algorithmSuiteId"]
        assert header.encrypted_data_keys[0].provider_id.startswith(b"aws-kms")
        content = [len(frame.sealed) - 16 for frame in frames_of(sealed, parse_header(sealed))]
        assert sum(content) == len(file_named(files, scenario["result"]))
    count(record_property, "published messages parsed", len(closed))
