"""What more than one folder of tests needs. Node and bytecode are settled before aws_cdk is imported."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from constructs_lib.bundled_node import use_bundled_node

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
use_bundled_node()

if TYPE_CHECKING:
    import aws_cdk as cdk

ROOT = Path(__file__).resolve().parent.parent
FLAGS = json.loads((ROOT / "cdk.json").read_text())["context"]


@pytest.fixture
def make_app(tmp_path: Path) -> Callable[..., "cdk.App"]:
    """Make an App as `cdk.json` configures it: same flags, nothing bundled, validator off unless asked for."""
    import aws_cdk as cdk  # noqa: PLC0415  # costs a second, which tests without the CDK need not pay

    def make(*, validate: bool = False, bundle: bool = False, **context: object) -> cdk.App:
        bundling = {} if bundle else {"aws:cdk:bundling-stacks": []}
        return cdk.App(
            outdir=str(tmp_path / "cdk.out"),
            analytics_reporting=False,
            tree_metadata=False,
            builtin_cloud_formation_validation=validate,
            context={**FLAGS, **bundling, **context},
        )

    return make
