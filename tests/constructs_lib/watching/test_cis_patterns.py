"""The metric filters of CIS are the published ones, to the last character."""

import json
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.watching.cis_controls import CisControl
from constructs_lib.watching.cis_patterns import CIS_PATTERNS

DATA = Path(__file__).resolve().parents[2] / "data" / "cis_metric_filters.json"
PUBLISHED: dict[str, Any] = json.loads(DATA.read_text())


@pytest.mark.parametrize("control", CisControl, ids=lambda control: control.value)
def test_the_pattern_is_the_published_one(control: CisControl) -> None:
    published = {**PUBLISHED["security_hub"]["patterns"], None: PUBLISHED["cis_4_15"]["pattern"]}

    assert CIS_PATTERNS[control.value].pattern == published[control.security_hub_id]


def test_there_are_as_many_as_controls() -> None:
    assert list(CIS_PATTERNS) == [control.value for control in CisControl]
