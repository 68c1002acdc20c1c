import base64
import json
from pathlib import Path
from typing import Any

import pytest

from envelope.errors import EnvelopeError, MalformedMessage
from envelope.format.context import EncryptionContext
from envelope.format.encrypted_data_keys import EncryptedDataKey
from envelope.format.suites import CommitmentPolicy
from tests.support.keyrings.raw_aes import RawAes
from tests.support.keyrings.watched import Watched
from tests.support.opening import DOORS, released, streamed, whole
from tests.support.plain_header import Refused, parse_header
from tests.support.plain_reader import read
from tests.support.raw_keyring import KEY_NAME, PROVIDER_ID, WRAPPING_KEY
from tests.support.sdk import raw_provider, sdk_decrypt
from tests.support.suite_facts import FACTS
from tests.vectors.generate import (
    BUILT,
    BY_ENVELOPE,
    BY_SDK,
    SIGNED_BY_ENVELOPE,
    as_json,
    built,
    by_envelope,
    signed_by_envelope,
)

FILES = (BY_SDK, BY_ENVELOPE, SIGNED_BY_ENVELOPE, BUILT)
EXPECTATIONS = {
    "success": None,
    "malformed": "MalformedMessage",
    "not-authentic": "NotAuthentic",
    "limit-exceeded": "LimitExceeded",
}
BEFORE_THE_KEY = {"parse", "policy", "context"}
KEYRING = RawAes(namespace=PROVIDER_ID, name=KEY_NAME, key=WRAPPING_KEY)
Vector = dict[str, Any]


def load(path: Path) -> list[Vector]:
    vectors: list[Vector] = json.loads(path.read_text())["vectors"]
    return vectors


def sealed(vector: Vector) -> bytes:
    return base64.b64decode(vector["message"])


def plaintext(vector: Vector) -> bytes:
    return base64.b64decode(vector.get("plaintext", ""))


def context(vector: Vector) -> EncryptionContext:
    return EncryptionContext.of(vector["encryption_context"])


def policy(vector: Vector) -> CommitmentPolicy:
    return CommitmentPolicy[vector["policy"]]


def suites(vectors: list[Vector]) -> set[int]:
    return {parse_header(sealed(vector)).facts.suite_id for vector in vectors if vector["expect"] == "success"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("door", DOORS)
def test_every_message_is_read_or_refused_as_its_vector_says(path: Path, door: Any) -> None:
    for vector in load(path):
        outcome: tuple[str | None, bytes] = (None, b"")
        try:
            outcome = None, door(sealed(vector), KEYRING, context(vector), policy=policy(vector))
        except EnvelopeError as error:
            outcome = type(error).__name__, b""
        expected = EXPECTATIONS[vector["expect"]]
        if door is streamed and vector.get("stage") == "final frame":
            # A stream sees no end coming: what has the wrong length there has the wrong tag here.
            assert outcome[0] in {"MalformedMessage", "NotAuthentic"}, vector["name"]
        else:
            assert outcome == (expected, plaintext(vector)), vector["name"]


def stage_of_the_plain_reader(vector: Vector) -> str:
    """Where a reader refuses that was written separately, from the specification."""
    try:
        stated = {key for key, _ in parse_header(sealed(vector)).pairs}
        expected = tuple((key.encode(), value.encode()) for key, value in vector["encryption_context"].items())
        read(sealed(vector), unwrap=unwrap, required=tuple(pair for pair in expected if pair[0] not in stated))
    except Refused as refusal:
        return refusal.stage
    return ""


def unwrap(keys: Any, bound: bytes) -> bytes | None:
    opened = (KEYRING.unwrap(EncryptedDataKey(*key), bound) for key in keys)
    return next((secret for secret in opened if secret is not None), None)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_second_reader_refuses_at_the_stage_of_the_vector(path: Path) -> None:
    for vector in load(path):
        stage = vector.get("stage", "")
        # What the caller expects and admits is no business of the second reader.
        seen = "" if stage in {"context", "policy"} else stage
        assert stage_of_the_plain_reader(vector) == seen, vector["name"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_keys_are_asked_for_and_plaintext_comes_out_only_before_the_stage_that_refuses(path: Path) -> None:
    for vector in load(path):
        stage = vector.get("stage", "")
        watched = Watched(KEYRING)
        found = released(sealed(vector), watched, context(vector), policy=policy(vector))

        assert watched.asked == (stage not in BEFORE_THE_KEY), vector["name"]
        assert (found.refusal is None) == (vector["expect"] == "success"), vector["name"]
        if vector["expect"] == "success":
            assert found.plaintext == plaintext(vector), vector["name"]
        else:
            assert b"attack at dawn"[: most_released(stage, vector)].startswith(found.plaintext), vector["name"]


def most_released(stage: str, vector: Vector) -> int:
    """Bytes of plaintext in the frames before the one that is refused; none of a message that waits for its end."""
    if stage in {*BEFORE_THE_KEY, "data key", "commitment", "header tag", "footer", "trailing"}:
        return 0
    header = parse_header(sealed(vector))
    waits = header.facts.curve is not None or header.frame_length == 0
    return 0 if waits else (2 if stage == "final frame" else int(stage[-1]) - 1) * header.frame_length


def test_a_stricter_policy_refuses_messages_of_older_suites_before_a_key_is_asked_for() -> None:
    policies = list(CommitmentPolicy)
    for vector in [*load(BY_SDK), *load(BUILT)]:
        if vector["expect"] != "success":
            continue
        for stricter in policies[: policies.index(policy(vector))]:
            watched = Watched(KEYRING)
            with pytest.raises(MalformedMessage, match=f"commitment policy {stricter.name} reads"):
                whole(sealed(vector), watched, context(vector), policy=stricter)
            assert watched.asked == 0


def test_the_vectors_cover_every_expectation_every_stage_and_every_suite() -> None:
    everything = [vector for path in FILES for vector in load(path)]
    stages = {"parse", "policy", "context", "data key", "commitment", "header tag", "footer", "trailing"}

    assert {vector["expect"] for vector in everything} == EXPECTATIONS.keys()
    assert {vector["stage"] for vector in everything if "stage" in vector} == stages | {
        "frame 1",
        "frame 2",
        "frame 3",
        "final frame",
    }
    assert suites(load(BY_SDK)) == suites(load(BUILT)) == FACTS.keys()


def test_names_are_unique_in_each_file_and_the_files_are_small() -> None:
    for path in FILES:
        names = [vector["name"] for vector in load(path)]
        assert len(set(names)) == len(names)
    assert sum(path.stat().st_size for path in FILES) < 300_000


def test_what_was_written_without_chance_is_what_would_be_written_today() -> None:
    assert BY_ENVELOPE.read_text() == as_json(by_envelope())
    assert BUILT.read_text() == as_json(built())


def test_what_was_signed_is_what_would_be_signed_today_but_for_keys_and_numbers() -> None:
    today = json.loads(as_json(signed_by_envelope()))["vectors"]

    def without_chance(vector: Vector) -> Vector:
        return {**vector, "message": len(vector["message"])}

    assert list(map(without_chance, load(SIGNED_BY_ENVELOPE))) == list(map(without_chance, today))


def readable_by_sdk(vector: Vector) -> bool:
    """The SDK reads no context that is kept back; another library of AWS does."""
    return vector["expect"] == "success" and "kept back" not in vector["name"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_sdk_reads_every_good_message(path: Path) -> None:
    for vector in filter(readable_by_sdk, load(path)):
        found, stated = sdk_decrypt(sealed(vector), provider=raw_provider())

        assert found == plaintext(vector), vector["name"]
        stated.pop("aws-crypto-public-key", None)
        assert stated == vector["encryption_context"]
