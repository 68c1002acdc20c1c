"""Scenes, each synthesised once."""

from typing import TYPE_CHECKING, cast

import pytest

from tests.policies.scenes.all_scenes import SCENES
from tests.support.scene import PlayedScene, Scene, play

if TYPE_CHECKING:
    from collections.abc import Callable

    import aws_cdk as cdk


@pytest.fixture(scope="session")
def played_before() -> dict[str, PlayedScene]:
    """What was synthesised already, by the scene's name."""
    return {}


@pytest.fixture(params=SCENES, ids=lambda scene: scene.name)
def scene(request: pytest.FixtureRequest) -> Scene:
    """Each scene in turn."""
    return cast("Scene", request.param)


@pytest.fixture
def played(scene: Scene, make_app: "Callable[..., cdk.App]", played_before: dict[str, PlayedScene]) -> PlayedScene:
    """A scene after synthesis."""
    if scene.name not in played_before:
        played_before[scene.name] = play(scene, make_app())
    return played_before[scene.name]
