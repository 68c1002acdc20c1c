"""Scenes, each synthesised once."""

from typing import TYPE_CHECKING, cast

import pytest

from tests.policies.scenes.all_scenes import MUTATED, SCENES
from tests.support.scene import PlayedScene, Scene, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    import aws_cdk as cdk


@pytest.fixture(scope="session")
def stage() -> Stage:
    """Where all scenes are played."""
    return Stage()


@pytest.fixture(params=SCENES, ids=lambda scene: scene.name)
def scene(request: pytest.FixtureRequest) -> Scene:
    """Each scene in turn."""
    return cast("Scene", request.param)


@pytest.fixture
def played(scene: Scene, make_app: "Callable[..., cdk.App]", stage: Stage) -> PlayedScene:
    """A scene after synthesis."""
    return stage.play(scene, make_app)


@pytest.fixture(params=MUTATED, ids=lambda scene: scene.name)
def to_mutate(request: pytest.FixtureRequest, make_app: "Callable[..., cdk.App]", stage: Stage) -> PlayedScene:
    """A scene after synthesis whose policies are mutated."""
    return stage.play(cast("Scene", request.param), make_app)
