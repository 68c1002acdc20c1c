import base64
import json
from io import BytesIO
from pathlib import Path

from kms_envelope.facts_text import as_json, as_table
from kms_envelope.message_ends import MessageEnds
from kms_envelope.message_facts import MessageFacts
from kms_envelope.source import FileSource

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "written-by-aws-encryption-sdk.json"


def facts_of(beginning: str) -> MessageFacts:
    vectors = json.loads(VECTORS.read_text())["vectors"]
    message = base64.b64decode(next(each["message"] for each in vectors if each["name"].startswith(beginning)))
    return MessageFacts.of(MessageEnds.of(FileSource(BytesIO(message), size=len(message))))


def test_a_table_tells_which_policy_reads_an_older_message() -> None:
    rows = as_table(facts_of("suite 0014")).splitlines()

    assert "message format       1" in rows
    assert "algorithm suite      0014 AES_128_GCM_IV12_TAG16" in rows
    assert "key commitment       no: read with --commitment-policy UNSAFE_ALLOW_WITHOUT_DERIVATION" in rows


def test_keys_of_other_providers_are_shown_without_what_a_terminal_would_not_print() -> None:
    (row,) = [row for row in as_table(facts_of("suite 0478")).splitlines() if row.startswith("encrypted data keys")]

    assert row.startswith("encrypted data keys  published-test-keys zero-to-thirty-one\\x00\\x00\\x00\\\\x")
    assert row.isprintable()


def test_json_is_ascii() -> None:
    text = as_json(facts_of("suite 0478"))

    assert text.isascii()
    assert json.loads(text)["algorithm_suite"] == {"id": "0478", "name": "AES_256_GCM_HKDF_SHA512_COMMIT_KEY"}
