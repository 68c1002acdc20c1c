"""Messages of the .NET SDK 4.0.0 whose encryption context is only partly in the header."""

import json

from envelope.format.context import EncryptionContext
from tests.support.keyrings.of_manifest import keyring_of
from tests.support.opening import DOORS
from tests.support.published import Record, count, file_named, published_archive


def test_every_message_with_a_required_encryption_context_is_read(record_property: Record) -> None:
    files = published_archive("valid-Net-4.0.0.zip")
    scenarios = json.loads(files["manifest.json"])["tests"] if files else {}
    keys = json.loads(files["keys.json"])["keys"] if files else {}

    for scenario in scenarios.values():
        (description,) = scenario["master-keys"]
        keyring = keyring_of(description, keys)
        assert keyring is not None
        for door in DOORS:
            context = EncryptionContext.of(scenario["encryption-context"])
            plaintext = door(file_named(files, scenario["ciphertext"]), keyring, context)
            assert plaintext == file_named(files, scenario["result"]["output"]["plaintext"])
    count(record_property, "published messages read", len(scenarios))
