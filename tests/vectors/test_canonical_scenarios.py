"""The canonical list of AWS: aws-encryption-sdk writes each message, we read it.

One scenario asks for a stream that refuses signed messages. Ours hold them back until all of them is checked, so that
message is read like the others.
"""

import os
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from envelope.errors import EnvelopeError
from envelope.format.context import EncryptionContext
from tests.support.damage import a_bit_of_every_byte, every_bit, every_cut, with_data_keys
from tests.support.known_random import known_random
from tests.support.opening import DOORS
from tests.support.plain_header import parse_header
from tests.support.published import Record, count
from tests.support.scenarios import Replay, canonical_list

EVERY_ONE = os.environ.get("EVERY_VECTOR") == "1"
"""`make vectors`. Otherwise one in twelve: all pairs of suite, frame length and keys, the contexts in turn."""

Scenario = dict[str, Any]


@pytest.fixture(scope="module")
def listed() -> tuple[Replay, list[Any]]:
    return canonical_list(known_random("scenarios"))


def chosen(scenarios: list[Scenario]) -> list[Scenario]:
    if EVERY_ONE:
        return scenarios
    places: list[dict[str, int]] = [{}, {}, {}, {}]
    picked = []
    for scenario in scenarios:
        message = scenario["encryption-scenario"]
        fields = ("algorithm", "frame-size", "master-keys", "encryption-context")
        numbers = [seen.setdefault(str(message[name]), len(seen)) for seen, name in zip(places, fields, strict=True)]
        # One in twelve, such that any two of suite, frame length and keys are seen together.
        if sum(numbers[:3]) % 3 == 0 and numbers[3] == (numbers[0] + numbers[2]) % 4:
            picked.append(scenario)
    return picked


def test_every_message_of_the_list_is_read(listed: tuple[Replay, list[Any]], record_property: Record) -> None:
    replay, scenarios = listed
    good = chosen([scenario for scenario in scenarios if "tampering" not in scenario])

    for scenario in good:
        written = scenario["encryption-scenario"]
        sealed, keyring = replay.write(written), replay.keyring(written["master-keys"])
        for door in DOORS:
            plaintext = door(sealed, keyring, EncryptionContext.of(written["encryption-context"]))
            assert plaintext == replay.plaintexts[written["plaintext"]], written
    count(record_property, "scenarios replayed", len(good))


def test_the_choice_has_every_pair_of_suite_frame_length_and_keys(listed: tuple[Replay, list[Any]]) -> None:
    def pairs_of(scenarios: list[Scenario]) -> set[tuple[str, ...]]:
        messages = [scenario["encryption-scenario"] for scenario in scenarios if "tampering" not in scenario]
        names = ("algorithm", "frame-size", "master-keys")
        return {
            (name, str(message[name]), other, str(message[other]))
            for message in messages
            if message["plaintext"] == "small"
            for name, other in combinations(names, 2)
        }

    assert pairs_of(chosen(listed[1])) == pairs_of(listed[1])


def tampered(replay: Replay, scenario: Scenario) -> Iterator[bytes]:
    written, rule = scenario["encryption-scenario"], scenario["tampering"]
    if rule == "half-sign":
        context = {**written["encryption-context"], "aws-crypto-public-key": "AsomeoneElse"}
        yield replay.write({**written, "encryption-context": context})
        return
    sealed = replay.write(written)
    if rule == "truncate":
        yield from every_cut(sealed)
    elif rule == "mutate":
        yield from (every_bit if EVERY_ONE else a_bit_of_every_byte)(sealed)
    else:
        keys = parse_header(sealed).encrypted_data_keys
        for info in rule["change-edk-provider-info"]:
            yield with_data_keys(sealed, [(provider, info.encode(), wrapped) for provider, _, wrapped in keys])


def test_refuses_what_the_list_damages(listed: tuple[Replay, list[Any]], record_property: Record) -> None:
    replay, scenarios = listed
    damaged = 0

    for scenario in (scenario for scenario in scenarios if "tampering" in scenario):
        keys = scenario.get("decryption-master-keys", scenario["encryption-scenario"]["master-keys"])
        keyring = replay.keyring(keys)
        for sealed in tampered(replay, scenario):
            damaged += 1
            for door in DOORS:
                with pytest.raises(EnvelopeError):
                    door(sealed, keyring)
    count(record_property, "damaged messages refused", damaged)
