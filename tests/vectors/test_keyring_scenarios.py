"""Scenarios of the Material Providers Library that are about messages: which encryption context a reader must know.

Not replayed: those for other AWS accounts, for caches (729, about entry identifiers), and for the suites of the
DynamoDB library.
"""

from typing import Any

import pytest

from envelope.errors import NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.expected_context import AtLeast
from tests.support.keyrings.of_manifest import Keys, keyring_of
from tests.support.keyrings.raw_aes import RawAes
from tests.support.keyrings.raw_rsa import RawRsa
from tests.support.keyrings.unwrapping import UnwrappingKeyring
from tests.support.message_builder import MessageBuilder
from tests.support.opening import DOORS
from tests.support.plain_header import Pairs, encoded
from tests.support.published import Record, count, published_json
from tests.support.suite_facts import FACTS

Scenario = dict[str, Any]


def scenarios(kind: str) -> tuple[Keys, list[Scenario]]:
    listed, keys = published_json("mpl-keyring-scenarios.json.gz"), published_json("0002-keys.v3.json")
    if listed is None or keys is None:
        return {}, []
    ours = [each for each in listed["tests"].values() if each["type"] == kind and is_ours(each)]
    return keys["keys"], ours


def is_ours(scenario: Scenario) -> bool:
    raw: bool = scenario["encryptKeyDescription"]["type"] == "raw"
    return raw and int(scenario["algorithmSuiteId"], 16) in FACTS


def written(scenario: Scenario, keys: Keys) -> tuple[MessageBuilder, UnwrappingKeyring]:
    """The message of a scenario, with the entries kept back that its reader must know, and its reader's keyring."""
    context: dict[str, str] = scenario["encryptionContext"]
    required = scenario["requiredEncryptionContextKeys"]
    builder = MessageBuilder(
        suite_id=int(scenario["algorithmSuiteId"], 16),
        context_pairs=pairs({key: value for key, value in context.items() if key not in required}),
        required_pairs=pairs({key: value for key, value in context.items() if key in required}),
    )
    keyring = keyring_of(scenario["decryptKeyDescription"], keys)
    assert isinstance(keyring, RawAes | RawRsa)
    wrapped = keyring.wrap(builder.own_data_key, encoded(builder.bound_pairs))
    return builder.but(encrypted_data_keys=(wrapped,)), keyring


def pairs(values: dict[str, str]) -> Pairs:
    return tuple((key.encode(), value.encode()) for key, value in values.items())


def test_every_reader_who_knows_the_context_reads(record_property: Record) -> None:
    keys, positive = scenarios("positive-keyring")

    for scenario in positive:
        builder, keyring = written(scenario, keys)
        known = AtLeast(EncryptionContext.of(scenario.get("reproducedEncryptionContext", {})))
        for door in DOORS:
            assert door(builder.build(), keyring, known) == builder.plaintext, scenario
    count(record_property, "scenarios replayed", len(positive))


def test_refuses_every_reader_who_knows_another_context(record_property: Record) -> None:
    keys, negative = scenarios("negative-decrypt-keyring")

    for scenario in negative:
        builder, keyring = written(scenario, keys)
        known = AtLeast(EncryptionContext.of(scenario["reproducedEncryptionContext"]))
        for door in DOORS:
            with pytest.raises(NotAuthentic):
                door(builder.build(), keyring, known)
    count(record_property, "scenarios replayed", len(negative))
