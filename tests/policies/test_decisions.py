"""What was meant for each class of callers is what an independent IAM engine decides under the rendered policies."""

from collections.abc import Callable

import pytest

from constructs_lib.key_kind import AGREEMENT, ASYMMETRIC_ENCRYPTION, MAC, SIGNING, SYMMETRIC, KeyKind
from tests.support.action_words import (
    AGREEMENT_WORDS,
    ASYMMETRIC_ENCRYPTION_WORDS,
    EVERY_ACTION_OF_ANY_KEY,
    IMPORTED_WORDS,
    MAC_WORDS,
    MULTI_REGION_WORDS,
    SIGNING_WORDS,
    SYMMETRIC_WORDS,
    Words,
)
from tests.support.intent import DIRECTLY, WAYS, Asker, decisions, read_table
from tests.support.policy_judge import Caller
from tests.support.policy_mutants import listed
from tests.support.scene import PlayedScene

KINDS = (
    (SYMMETRIC, SYMMETRIC_WORDS),
    (SYMMETRIC.with_imported_material(), IMPORTED_WORDS),
    (SYMMETRIC.in_several_regions(), MULTI_REGION_WORDS),
    (ASYMMETRIC_ENCRYPTION, ASYMMETRIC_ENCRYPTION_WORDS),
    (SIGNING, SIGNING_WORDS),
    (MAC, MAC_WORDS),
    (AGREEMENT, AGREEMENT_WORDS),
)
READER = {"reader": Asker(Caller("arn:aws:iam::111122223333:role/Reader"), WAYS)}


def test_kms_decides_as_it_is_meant(played: PlayedScene, record_property: Callable[[str, object], None]) -> None:
    others = [
        f"{each.who} {each.how} {each.action}: {'allowed' if each.allowed else 'refused'} is meant ({each.why})"
        for each in played.decisions
        if each.judged(played.key, played.others) != each.allowed
    ]
    assert others == []
    record_property("decisions", len(played.decisions))


def test_every_action_of_a_key_is_decided_for_everybody(played: PlayedScene) -> None:
    decided: dict[tuple[str, str], set[str]] = {}
    for each in played.decisions:
        decided.setdefault((each.who, each.how), set()).add(each.action)
    assert all(set(played.words.every_action) <= actions for actions in decided.values())
    assert decided["stranger with kms:*", DIRECTLY] == EVERY_ACTION_OF_ANY_KEY


def test_a_key_policy_holds_actions_of_its_kind_alone(played: PlayedScene) -> None:
    written = {action for each in played.key.policy["Statement"] for action in listed(each["Action"])}
    assert written <= set(played.words.every_action)


def test_every_table_allows_something_and_refuses_something_to_each_kind_of_caller(played: PlayedScene) -> None:
    people = {each.asker.person for each in played.decisions} - {""}
    for person in people:
        assert any(not each.allowed for each in played.decisions if each.asker.person == person)
    assert {each.allowed for each in played.decisions} == {True, False}


@pytest.mark.parametrize(("kind", "words"), KINDS, ids=lambda each: each.name if isinstance(each, KeyKind) else "")
def test_the_words_of_the_tables_are_every_action_of_a_kind_once(kind: KeyKind, words: Words) -> None:
    assert sorted(words.every_action) == sorted(kind.actions)
    assert sorted(words.administer) == sorted(kind.administer)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("reader | directly | decrypt | named", "one row must decide about 'reader' creating directly"),
        ("reader | * | decrypt | named\nre* | via rds | - | named", "one row must decide about 'reader' via rds"),
        ("reader | * | decrypt | named\nwriter | * | - | named", "every row must decide something"),
    ],
    ids=["undecided", "decided twice", "idle row"],
)
def test_refuses_a_table_that_does_not_decide_each_case_once(table: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        list(decisions(read_table(table), READER))


def test_refuses_a_table_with_an_unknown_action() -> None:
    with pytest.raises(ValueError, match="a row must allow known actions"):
        read_table("reader | * | decript | named")
