"""Scenes, each synthesised once, and the line that says how much was decided."""

from typing import TYPE_CHECKING, cast

import pytest

from tests.policies.scenes.all_scenes import SCENES
from tests.support.scene import PlayedScene, Scene, play

if TYPE_CHECKING:
    from collections.abc import Callable

    import aws_cdk as cdk

COUNTED = ("decisions", "executed", "mutants", "detected", "equivalent")


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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much was decided and how many mutants were caught."""
    total = dict.fromkeys(COUNTED, 0)
    for report in terminalreporter.getreports("passed"):
        for name, value in getattr(report, "user_properties", ()):
            if name in total and report.when == "call":
                total[name] += value
    if any(total.values()):
        done = f"{total['decisions']} decisions judged, {total['executed']} executed on the embedded AWS"
        caught = f"{total['detected']} detected, {total['equivalent']} equivalent by argument"
        terminalreporter.write_line(f"policies: {done}; {total['mutants']} mutants: {caught}")
