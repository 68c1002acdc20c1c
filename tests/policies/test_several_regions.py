"""A key in several Regions is decided Region by Region; `tests/local_aws/test_multi_region_key.py` deploys one."""

from collections.abc import Callable
from typing import cast

import pytest

from tests.policies.scenes.several_regions import PRIMARY, REPLICA
from tests.support.mutation import detect
from tests.support.scene import PlayedScene, Scene

Record = Callable[[str, object], None]


@pytest.fixture(params=[PRIMARY, REPLICA], ids=lambda scene: scene.name)
def scene(request: pytest.FixtureRequest) -> Scene:
    """The key of each Region in turn."""
    return cast("Scene", request.param)


def test_each_region_decides_as_it_is_meant(played: PlayedScene, record_property: Record) -> None:
    others = [
        f"{each.who} {each.how} {each.action}: {'allowed' if each.allowed else 'refused'} is meant ({each.why})"
        for each in played.decisions
        if each.judged(played.key, played.others) != each.allowed
    ]
    assert others == []
    record_property("decisions", len(played.decisions))


def test_every_mutant_of_each_regions_policies_is_detected(played: PlayedScene, record_property: Record) -> None:
    found = detect(played)
    assert found.undetected == []
    assert found.wrongly_excused == []
    record_property("mutants", len(found.detected) + len(found.equivalent))
    record_property("detected", len(found.detected))
    record_property("equivalent", len(found.equivalent))
