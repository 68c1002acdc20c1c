"""Each mutant of a policy is detected by some row of the table, or it is shown that it cannot change a decision.

Of the key policies one mutant in six is tried in each run, and all of them by `make decisions`.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from itertools import islice

import aws_cdk as cdk

from tests.policies.scenes.nothing_said import NOTHING_SAID
from tests.support.intent import DIRECTLY
from tests.support.literal_templates import ACCOUNT
from tests.support.mutation import _Said, _Search, detect
from tests.support.policy_judge import KmsKey
from tests.support.policy_mutants import mutants_of_key_policy
from tests.support.scene import PlayedScene, play

Record = Callable[[str, object], None]
MakeApp = Callable[..., cdk.App]
STEP = 1 if os.environ.get("EVERY_DECISION") == "1" else 6


def test_every_mutant_of_the_policies_is_detected(to_mutate: PlayedScene, record_property: Record) -> None:
    found = detect(to_mutate, step=STEP)
    assert found.undetected == []
    assert found.wrongly_excused == []
    record_property("mutants", len(found.detected) + len(found.equivalent))
    record_property("detected", len(found.detected))
    record_property("equivalent", len(found.equivalent))


def test_a_table_without_strangers_would_miss_mutants(make_app: MakeApp) -> None:
    played = play(NOTHING_SAID, make_app())
    known = tuple(each for each in played.decisions if not each.who.startswith("stranger"))
    missed = detect(replace(played, decisions=known)).undetected
    assert missed == [f"AccountAdministration: with arn:aws:iam::{ACCOUNT}:role/Stranger"]


def test_a_table_of_direct_requests_would_miss_mutants(make_app: MakeApp) -> None:
    played = play(NOTHING_SAID, make_app())
    direct = tuple(each for each in played.decisions if each.how == DIRECTLY)
    missed = detect(replace(played, decisions=direct)).undetected
    assert "DeployersThroughServicesByName: removed" in missed
    assert "DeployersGrantsByName: Bool kms:GrantIsForAWSResource removed" in missed


def test_each_part_of_each_statement_is_mutated(played: PlayedScene) -> None:
    changes = [mutant.change for mutant in mutants_of_key_policy(played.key.policy, played.words.every_action)]
    assert len(changes) == len(set(changes))
    for statement in played.key.policy["Statement"]:
        mine = {change.partition(": ")[2] for change in changes if change.startswith(f"{statement['Sid']}:")}
        assert {"removed", "Deny" if statement["Effect"] == "Allow" else "Allow", "every action"} <= mine
        assert ("everybody" in mine) != (statement["Principal"] == "*")
        for operator, keys in statement.get("Condition", {}).items():
            for name in keys:
                assert {f"{operator} {name} {what}" for what in ("removed", "emptied", "if it exists")} <= mine


def test_what_is_remembered_of_statements_is_what_the_judge_says_of_each_policy(make_app: MakeApp) -> None:
    played = play(NOTHING_SAID, make_app())
    search = _Search(played)
    compared = 0
    for mutant in islice(mutants_of_key_policy(played.key.policy, played.words.every_action), 0, None, 40):
        key = KmsKey(played.key.arn, mutant.policy, played.key.aliases)
        for each in (each for each in played.decisions if each.action in mutant.actions):
            about = [_Said.read(statement) for statement in key.statements_about(each.action)]
            assert search._is_allowed(key, about, each) == each.judged(key, played.others), (mutant.change, each)
            compared += 1
    assert compared > len(played.decisions)
