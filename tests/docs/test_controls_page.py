"""Each row of the table of controls holds of what is synthesised, and would be missed."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.control_proofs import Proof
from tests.support.control_rows import ALARMS, BUCKETS, KEYS, TRAILS, ControlRow
from tests.support.controls_scene import controlled_template

ROWS = (*KEYS, *TRAILS, *BUCKETS, *ALARMS)
PROVEN = [
    pytest.param(proof, id=f"{row.control}-{number}" if len(row.proofs) > 1 else row.control)
    for row in ROWS
    for number, proof in enumerate(row.proofs, 1)
]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return controlled_template(tmp_path_factory.mktemp("cdk.out"))


@pytest.mark.parametrize("proof", PROVEN)
def test_what_is_synthesised_meets_the_control(proof: Proof, template: dict[str, Any]) -> None:
    assert proof.holds(template)
    assert not proof.holds(proof.damaged(template))


@pytest.mark.parametrize("row", [row for row in ROWS if not row.proofs], ids=lambda row: row.control)
def test_what_is_not_implemented_is_said_with_its_reason(row: ControlRow) -> None:
    assert row.here.startswith("Not by this library: ")


def test_no_control_stands_twice_and_the_asked_families_are_whole() -> None:
    controls = [row.control for row in ROWS]

    assert len(set(controls)) == len(controls)
    assert {f"KMS.{number}" for number in range(1, 6)} <= set(controls)
    assert {f"CloudTrail.{number}" for number in (1, 2, 3, 4, 5, 6, 7, 9, 10)} <= set(controls)
    assert {f"CloudWatch.{number}" for number in range(1, 18)} <= set(controls)


def test_every_page_that_the_table_names_exists() -> None:
    docs = Path(__file__).resolve().parents[2] / "docs"
    named = [word.strip("`.") for row in ROWS for word in f"{row.here} {row.left}".split() if word.startswith("`docs/")]

    assert named
    assert all((docs.parent / name).exists() for name in named)
