import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from syrupy.assertion import SnapshotAssertion

_EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*.py"))


def _definition(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"example_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.define


def test_there_are_examples() -> None:
    assert _EXAMPLES


@pytest.mark.parametrize("path", _EXAMPLES, ids=lambda path: path.stem)
def test_the_templates_of_an_example_are_as_reviewed(
    path: Path, make_app: Callable[..., cdk.App], template_snapshot: SnapshotAssertion
) -> None:
    app = make_app()
    _definition(path)(app)

    templates = {stack.stack_name: stack.template for stack in app.synth().stacks}

    assert templates == template_snapshot
