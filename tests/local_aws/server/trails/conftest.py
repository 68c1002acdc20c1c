"""Scenes around trails that end with their test."""

from collections.abc import Iterator

import pytest

from local_aws import LocalAws
from tests.support.trail_scene import TrailScene


@pytest.fixture
def scene(aws: LocalAws) -> Iterator[TrailScene]:
    """Make the surroundings of a trail."""
    scene = TrailScene(aws=aws)
    yield scene
    scene.end()
