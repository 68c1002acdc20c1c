"""The drawing of the Lambda's rooms is what the import rules say."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text()
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def test_the_rooms_of_the_lambda_stand_in_the_drawing_from_top_to_bottom() -> None:
    (layers,) = [each["layers"] for each in CONTRACTS if each.get("containers") == ["envelope"]]
    rooms = [room for layer in layers for room in layer.split(" | ")]
    (drawn,) = re.findall(r"subgraph runtime.*?\n(.*?)\n  end", PAGE, re.DOTALL)
    labels = " ".join(re.findall(r'\["(.*?)"\]', drawn))
    without_remarks = re.sub(r"\(.*?\)", "", labels)

    assert [name.strip("/") for name in re.findall(r"[a-z_0-9]+/?", without_remarks)] == rooms
    folders = {path.name for path in (ROOT / "lambda_src" / "envelope").iterdir() if (path / "__init__.py").exists()}
    assert {name.strip("/") for name in re.findall(r"[a-z_]+/", without_remarks)} == folders


def test_what_it_names_of_the_embedded_aws_is_there() -> None:
    (paragraph,) = re.findall(r"\*\*The embedded AWS\*\*.*?\n\n", PAGE, re.DOTALL)
    named = set(re.findall(r"`(?:server/)?([a-z_]+)/?`", paragraph)) - {"local_aws"}

    assert named
    assert [name for name in named if not list((ROOT / "local_aws" / "server").glob(f"{name}*"))] == []
