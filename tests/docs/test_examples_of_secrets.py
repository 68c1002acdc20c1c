"""The examples with secrets are what they recommend: the synthesis has nothing to warn of."""

import runpy
from collections.abc import Callable
from pathlib import Path

import aws_cdk as cdk
import pytest

from tests.support.announcements import announcements

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*secret*.py"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_nothing_is_warned_of(path: Path, make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    runpy.run_path(str(path))["define"](app)

    assembly = app.synth()

    assert assembly.stacks
    assert [said for stack in assembly.stacks for said in announcements(assembly.directory, stack.id, "warning")] == []
