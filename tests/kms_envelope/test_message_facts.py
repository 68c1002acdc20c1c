import base64
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from envelope.errors import LimitExceeded, MalformedMessage
from envelope.format.suites import SUITES, CommitmentPolicy
from kms_envelope.facts_text import as_json, as_table
from kms_envelope.message_ends import MessageEnds
from kms_envelope.message_facts import MessageFacts, least_policy
from kms_envelope.source import FileSource
from tests.support.message_builder import MessageBuilder

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "written-by-aws-encryption-sdk.json"
PUBLISHED = [each for each in json.loads(VECTORS.read_text())["vectors"] if each["expect"] == "success"]


def facts_of(message: bytes) -> MessageFacts:
    return MessageFacts.of(MessageEnds.of(FileSource(BytesIO(message), size=len(message))))


def test_there_are_messages_of_every_suite() -> None:
    assert {facts_of(base64.b64decode(each["message"])).header.suite for each in PUBLISHED} == {*SUITES.values()}


@pytest.mark.parametrize("vector", PUBLISHED, ids=[each["name"] for each in PUBLISHED])
def test_the_facts_about_a_message_are_true(vector: dict[str, Any]) -> None:
    message = base64.b64decode(vector["message"])

    said = facts_of(message).to_dict()

    context = {key: value for key, value in said["encryption_context"].items() if key != "aws-crypto-public-key"}
    assert said["plaintext_bytes"] == len(base64.b64decode(vector["plaintext"]))
    assert said["message_bytes"] == len(message)
    assert context == vector["encryption_context"]
    assert said["commitment_policy"] == vector.get("policy", "REQUIRE_ENCRYPT_REQUIRE_DECRYPT")
    assert json.loads(json.dumps(said)) == said


@pytest.mark.parametrize(
    ("suite_id", "policy"),
    [
        (0x0578, CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT),
        (0x0378, CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT),
        (0x0014, CommitmentPolicy.UNSAFE_ALLOW_WITHOUT_DERIVATION),
    ],
)
def test_the_least_policy_is_the_strictest_one_that_reads_the_message(suite_id: int, policy: CommitmentPolicy) -> None:
    assert least_policy(SUITES[suite_id]) is policy


@pytest.mark.parametrize("change", [lambda m: m[:-1], lambda m: m + b"\0"], ids=["cut off", "more behind it"])
def test_what_does_not_end_as_a_message_has_no_body(change: Any) -> None:
    signed = base64.b64decode(next(each["message"] for each in PUBLISHED if "suite 0578" in each["name"]))

    assert facts_of(signed).body is not None
    assert facts_of(change(signed)).body is None


def test_keys_that_differ_never_look_alike() -> None:
    names = [b"key-\xff", rb"key-\xff", "key-\ufffd".encode(), "key-\xff".encode(), b"key-\xfe", b"key-\x7f"]
    messages = [facts_of(MessageBuilder(encrypted_data_keys=((b"raw", name, b"wrapped"),)).build()) for name in names]

    assert messages[0].to_dict()["encrypted_data_keys"] == [{"provider": "raw", "key": r"key-\xff", "bytes": 7}]
    for form in (as_table, as_json):
        assert len({form(each) for each in messages}) == len(names)


def test_refuses_what_has_no_header() -> None:
    with pytest.raises(MalformedMessage):
        facts_of(b"\2\4\x78")


def test_refuses_a_header_that_never_ends() -> None:
    entry = b"\xff\xff" + bytes(0xFFFF)
    with pytest.raises(LimitExceeded):
        facts_of(b"\2\4\x78" + bytes(32) + b"\0\0" + b"\0\2" + 3 * entry + 3 * entry)
