"""Who gets what from a secret under its policy, IAM and the policy of its key together, by an IAM engine not our own.

Of the mutants one in three is tried in each run, and all of them by `make decisions`.
"""

import os
from collections.abc import Callable
from itertools import islice

import pytest

from tests.conftest import configured_app
from tests.policies.scenes.secrets import SCENES
from tests.support.secret_judge import OPERATIONS, JudgedSecret
from tests.support.secret_mutants import mutants_of_secret_policy
from tests.support.secret_requests import decide_alike
from tests.support.secret_scene import SECRET_WORDS, PlayedSecret, SecretScene, judged, play_secret

Record = Callable[[str, object], None]
STEP = 1 if os.environ.get("EVERY_DECISION") == "1" else 3


@pytest.fixture(scope="module", params=SCENES, ids=lambda scene: scene.name)
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> PlayedSecret:
    scene: SecretScene = request.param
    return play_secret(scene, configured_app(tmp_path_factory.mktemp("cdk.out")))


def test_secrets_manager_and_kms_decide_together_as_it_is_meant(played: PlayedSecret, record_property: Record) -> None:
    others = [
        f"{each.who} {each.how} {each.action}: {'allowed' if each.allowed else 'refused'} is meant ({each.why})"
        for each in played.decisions
        if judged(each, played.secret) != each.allowed
    ]

    assert others == []
    record_property("decisions", len(played.decisions))


def test_every_mutant_of_the_policy_of_a_secret_is_detected(played: PlayedSecret, record_property: Record) -> None:
    by_action: dict[str, list[int]] = {}
    for number, each in enumerate(played.decisions):
        by_action.setdefault(f"secretsmanager:{OPERATIONS[each.action].action}", []).append(number)
    undetected, equivalent, count = [], 0, 0

    for change, policy, actions in islice(mutants_of_secret_policy(played.secret.policy), 0, None, STEP):
        count += 1
        mutant = JudgedSecret(played.secret.arn, policy, played.secret.key)
        about = [played.decisions[number] for action in sorted(actions) for number in by_action[action]]
        if all(judged(each, mutant) == each.allowed for each in about):
            if decide_alike(played.secret, mutant, actions):
                equivalent += 1
            else:
                undetected.append(change)

    assert undetected == []
    record_property("mutants", count)
    record_property("detected", count - equivalent)
    record_property("equivalent", equivalent)


def test_the_words_of_the_tables_are_every_operation_once() -> None:
    assert sorted(SECRET_WORDS.every_action) == sorted(OPERATIONS)
