"""The same tables on the embedded AWS: real roles ask, and IAM and the deployed key policy answer.

What is allowed is asked for in each run, of what is refused one row in nine; `make decisions` asks for all of it.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from local_aws import LocalAws
from tests.support.deployed_scene import DeployedScene
from tests.support.kms_calls import CALLS, is_allowed
from tests.support.literal_templates import ACCOUNT, REGION
from tests.support.scene import PlayedScene

if TYPE_CHECKING:
    from tests.support.intent import Asker, Decision

pytestmark = pytest.mark.deploy

STEP = 1 if os.environ.get("EVERY_DECISION") == "1" else 9


def test_the_embedded_aws_decides_as_it_is_meant(
    played: PlayedScene, record_property: Callable[[str, object], None]
) -> None:
    askers: dict[str, tuple[Asker, list[Decision]]] = {}
    for number, each in enumerate(played.executed):
        if each.action in CALLS and (each.allowed or number % STEP == 0):
            askers.setdefault(each.who, (each.asker, []))[1].append(each)
    others = []
    with LocalAws(account=ACCOUNT, region=REGION) as aws:
        deployed = DeployedScene(aws, played)
        for who, (asker, asked) in askers.items():
            kms = deployed.kms_as(asker)
            others += [
                f"{who} {each.action}: {'allowed' if each.allowed else 'refused'} is meant ({each.why})"
                for each in asked
                if is_allowed(kms, each.action, deployed.key_id) != each.allowed
            ]
    assert others == []
    record_property("executed", sum(len(asked) for _, asked in askers.values()))
