import base64
import json
from pathlib import Path
from typing import Any

import pytest

from envelope import message
from envelope.context import EncryptionContext
from envelope.errors import EnvelopeError, MalformedMessage, NotAuthentic
from tests.support.one_defect import all_cases
from tests.support.raw_keyring import RawKeyring
from tests.support.sdk import raw_provider, sdk_decrypt
from tests.vectors.generate import BUILT, BY_ENVELOPE, BY_SDK, as_json, by_envelope

EXPECTATIONS = {"success", "malformed", "not-authentic", "unsupported"}


def load(path: Path) -> list[dict[str, Any]]:
    vectors: list[dict[str, Any]] = json.loads(path.read_text())["vectors"]
    return vectors


ALL = [(path.stem, vector) for path in (BY_SDK, BY_ENVELOPE, BUILT) for vector in load(path)]


def outcome(vector: dict[str, Any]) -> tuple[str, bytes]:
    """Decrypt, and name what came of it."""
    try:
        plaintext = message.decrypt(
            base64.b64decode(vector["message"]),
            keyring=RawKeyring(),
            context=EncryptionContext.of(vector["encryption_context"]),
        )
    except NotAuthentic:
        return "not-authentic", b""
    except MalformedMessage as error:
        return ("unsupported" if "not supported" in str(error) else "malformed"), b""
    except EnvelopeError as error:
        return type(error).__name__, b""
    return "success", bytes(plaintext)


@pytest.mark.parametrize(("origin", "vector"), ALL, ids=[f"{origin}: {vector['name']}" for origin, vector in ALL])
def test_a_message_is_read_or_refused_as_the_vector_says(origin: str, vector: dict[str, Any]) -> None:
    expect, plaintext = outcome(vector)

    assert origin
    assert expect == vector["expect"]
    assert plaintext == base64.b64decode(vector.get("plaintext", ""))


def test_the_vectors_cover_every_expectation_and_nothing_else() -> None:
    assert {vector["expect"] for _, vector in ALL} == EXPECTATIONS


def test_names_are_unique_in_each_file() -> None:
    assert len({(origin, vector["name"]) for origin, vector in ALL}) == len(ALL)


def test_what_we_wrote_is_what_we_would_write_today() -> None:
    assert BY_ENVELOPE.read_text() == as_json(by_envelope())
    assert BUILT.read_text() == as_json(all_cases())


@pytest.mark.parametrize("vector", load(BY_ENVELOPE), ids=lambda vector: vector["name"])
def test_the_sdk_reads_what_we_wrote(vector: dict[str, Any]) -> None:
    plaintext, context = sdk_decrypt(base64.b64decode(vector["message"]), provider=raw_provider())

    assert plaintext == base64.b64decode(vector["plaintext"])
    assert context == vector["encryption_context"]


@pytest.mark.parametrize(
    "vector", [vector for vector in load(BUILT) if vector["expect"] == "success"], ids=lambda vector: vector["name"]
)
def test_the_sdk_reads_the_good_messages_that_were_built_field_by_field(vector: dict[str, Any]) -> None:
    plaintext, _ = sdk_decrypt(base64.b64decode(vector["message"]), provider=raw_provider())

    assert plaintext == base64.b64decode(vector["plaintext"])
