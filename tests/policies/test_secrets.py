"""Who gets what from a secret under its policy, IAM and the policy of its key together, by an IAM engine not our own.

Of the mutants one in nine is tried in each run, of those of the key one in eighteen; all by `make decisions`.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from tests.conftest import configured_app
from tests.policies.scenes.secret_key import SECRET_KEY
from tests.policies.scenes.secrets import HOSTED, SCENES
from tests.support.action_words import EVERY_ACTION_OF_ANY_KEY
from tests.support.literal_templates import ACCOUNT, REGION
from tests.support.mutation import detect
from tests.support.policy_judge import ALLOW_EVERYTHING, Caller
from tests.support.scene import PlayedScene, play
from tests.support.secret_judge import OPERATIONS, JudgedSecret
from tests.support.secret_mutants import mutants_of_secret_policy, narrowed_and_moved
from tests.support.secret_requests import decide_alike
from tests.support.secret_scene import (
    LET_IN,
    ON_ANOTHER_SECRET,
    ON_THE_REPLICA,
    SECRET_WORDS,
    PlayedSecret,
    SecretScene,
    judged,
    play_secret,
    said_in,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.intent import Decision

Record = Callable[[str, object], None]
STEP = 1 if os.environ.get("EVERY_DECISION") == "1" else 9


@pytest.fixture(scope="module", params=SCENES, ids=lambda scene: scene.name)
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> PlayedSecret:
    scene: SecretScene = request.param
    return play_secret(scene, configured_app(tmp_path_factory.mktemp("cdk.out")))


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> PlayedScene:
    return play(SECRET_KEY, configured_app(tmp_path_factory.mktemp("cdk.out")))


def test_secrets_manager_and_kms_decide_together_as_it_is_meant(played: PlayedSecret, record_property: Record) -> None:
    others = [
        f"{each.who} {each.how} {each.action}: {'allowed' if each.allowed else 'refused'} is meant ({each.why})"
        for each in played.decisions
        if judged(each, played.secret) != each.allowed
    ]

    assert others == []
    record_property("decisions", len(played.decisions))


def test_nobody_but_a_deployer_makes_the_secret_readable_for_himself_in_several_steps(played: PlayedSecret) -> None:
    directly = [
        each
        for each in played.decisions
        if each.action == "GetSecretValue" and not each.how.endswith((LET_IN, ON_ANOTHER_SECRET, ON_THE_REPLICA))
    ]

    others = [
        f"{each.who} {each.how}"
        for each in directly
        if not each.allowed
        and any(judged(each, state) for state in played.secret.within_reach(each.asker.caller, said_in(each)))
    ]

    assert others
    assert {each.partition(" ")[0] for each in others} == {"deployer"}
    assert not any(each.startswith("deployer of") for each in others)


def test_every_mutant_of_the_policy_of_a_secret_is_detected(played: PlayedSecret, record_property: Record) -> None:
    by_action: dict[str, list[Decision]] = {}
    for each in played.decisions:
        by_action.setdefault(f"secretsmanager:{OPERATIONS[each.action].action}", []).append(each)
    undetected, equivalent, count = [], 0, 0

    for change, policy, actions in islice(mutants_of_secret_policy(played.secret.policy), 0, None, STEP):
        count += 1
        mutant = JudgedSecret(played.secret.arn, policy, played.secret.key)
        if decide_alike(played.secret, mutant, actions):
            equivalent += 1
        elif all(judged(each, mutant) == each.allowed for action in sorted(actions) for each in by_action[action]):
            undetected.append(change)

    assert undetected == []
    record_property("mutants", count)
    record_property("detected", count - equivalent)
    record_property("equivalent", equivalent)


def test_a_table_without_what_could_be_added_would_miss_mutants(played: PlayedSecret) -> None:
    (outsiders,) = (each for each in played.secret.policy["Statement"] if each["Sid"] == "DenyOutsiders")
    kept = [each for each in played.secret.policy["Statement"] if each != outsiders]
    mutant = JudgedSecret(played.secret.arn, {"Statement": kept}, played.secret.key)
    turned = {each.how.endswith(LET_IN) for each in played.decisions if judged(each, mutant) != each.allowed}

    assert True in turned
    assert (False in turned) == ("aws:PrincipalOrgID" in outsiders["Condition"]["StringNotEquals"])


def test_every_mutant_of_the_iam_policies_of_people_is_detected(played: PlayedSecret, record_property: Record) -> None:
    by_person: dict[str, list[Decision]] = {}
    for each in played.decisions:
        if each.asker.person:
            by_person.setdefault(each.asker.person, []).append(each)
    count = 0

    for person, about in by_person.items():
        caller = about[0].asker.caller
        for change, policies in narrowed_and_moved(caller.policies, played.secret.arn):
            count += 1
            mutant = replace(caller, policies=policies)
            assert any(judged(each, played.secret, mutant) != each.allowed for each in about), f"{person} {change}"

    assert count
    record_property("mutants", count)
    record_property("detected", count)


def test_kms_decides_about_the_key_of_a_secret_as_it_is_meant(key: PlayedScene, record_property: Record) -> None:
    others = [
        f"{each.who} {each.how} {each.action}: {'allowed' if each.allowed else 'refused'} is meant ({each.why})"
        for each in key.decisions
        if each.judged(key.key, key.others) != each.allowed
    ]

    assert others == []
    record_property("decisions", len(key.decisions))


def test_every_mutant_of_the_policy_of_its_key_is_detected(key: PlayedScene, record_property: Record) -> None:
    found = detect(key, step=STEP * 2 if STEP > 1 else 1)

    assert found.undetected == []
    assert found.wrongly_excused == []
    record_property("mutants", len(found.detected) + len(found.equivalent))
    record_property("detected", len(found.detected))
    record_property("equivalent", len(found.equivalent))


def test_the_key_admits_a_hosted_rotation_by_the_name_of_its_function_and_its_role(tmp_path: "Path") -> None:
    secret = play_secret(HOSTED, configured_app(tmp_path)).secret
    through = {
        "kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com",
        "kms:EncryptionContext:SecretARN": secret.arn,
    }

    def admitted(role: str, session: str) -> set[str]:
        caller = Caller(f"arn:aws:iam::{ACCOUNT}:role/{role}", (ALLOW_EVERYTHING,))
        said = {**through, "aws:userid": f"AROA1234567890EXAMPLE:{session}"}
        return {each for each in EVERY_ACTION_OF_ANY_KEY if secret.key.allows(caller, each, said)}

    nobody = admitted("Anybody", "me")
    assert "kms:Decrypt" not in nobody
    assert admitted("Orders-SecretHosted", "RotateOrders") - nobody == {"kms:Decrypt", "kms:GenerateDataKey"}
    for role, session in (
        ("Anybody", "RotateOrders"),
        ("Orders-SecretHosted", "RotateOrders2"),
        ("OrdersSecretHosted", "RotateOrders"),
        ("team/Orders-SecretHosted", "RotateOrders"),
    ):
        assert admitted(role, session) == nobody


def test_the_words_of_the_tables_are_every_operation_once() -> None:
    assert sorted(SECRET_WORDS.every_action) == sorted(OPERATIONS)
