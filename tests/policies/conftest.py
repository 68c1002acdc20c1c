"""Scenes, each synthesised once."""

from typing import TYPE_CHECKING, cast

import pytest

from tests.policies.scenes.all_scenes import MUTATED, SCENES
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
    return _played(scene, make_app, played_before)


@pytest.fixture(params=MUTATED, ids=lambda scene: scene.name)
def to_mutate(
    request: pytest.FixtureRequest, make_app: "Callable[..., cdk.App]", played_before: dict[str, PlayedScene]
) -> PlayedScene:
    """A scene after synthesis whose policies are mutated."""
    return _played(cast("Scene", request.param), make_app, played_before)


def _played(scene: Scene, make_app: "Callable[..., cdk.App]", played_before: dict[str, PlayedScene]) -> PlayedScene:
    if scene.name not in played_before:
        played_before[scene.name] = play(scene, make_app())
    return played_before[scene.name]
