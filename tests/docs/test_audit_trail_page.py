"""The page on the audit trail: what it shows synthesises, and what it says of permissions and days is so."""

import re
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.actions import CREATE_LOG_STREAMS, WRITE_LOG_EVENTS
from constructs_lib.audit_trail import SEVEN_YEARS
from constructs_lib.auditing.log_life import NONCURRENT
from tests.support.synthesised import Json, resources, template_of

_ROOT = Path(__file__).resolve().parents[2]
_PAGE = (_ROOT / "docs" / "audit-trail.md").read_text()
_TEXT = " ".join(_PAGE.split())


@pytest.fixture(scope="module")
def shown() -> list[dict[str, Any]]:
    blocks = re.findall(r"```python\n(.*?)```", _PAGE, re.DOTALL)
    names: list[dict[str, Any]] = [{} for _ in blocks]
    for block, found in zip(blocks, names, strict=True):
        exec(block, found)  # noqa: S102  # as it stands on the page
    return names


def _allowed(template: Json) -> set[str]:
    statements = [
        statement
        for kind, document in (("AWS::S3::BucketPolicy", "PolicyDocument"), ("AWS::IAM::Policy", "PolicyDocument"))
        for each in resources(template, kind).values()
        for statement in each["Properties"][document]["Statement"]
        if statement["Effect"] == "Allow"
    ]
    listed = [each["Action"] for each in statements]
    return {action for actions in listed for action in ([actions] if isinstance(actions, str) else actions)}


def test_what_it_shows_synthesises_and_it_names_every_action(shown: list[dict[str, Any]]) -> None:
    first, second, third = shown
    actions = _allowed(template_of(first["stack"])) | _allowed(template_of(second["stack"]))

    assert {*CREATE_LOG_STREAMS, *WRITE_LOG_EVENTS} < actions
    assert [action for action in actions if f"`{action}`" not in _PAGE] == []
    assert third["existing"].prefix == "o-a1b2c3d4e5/"


def test_its_days_are_those_of_the_code() -> None:
    assert f"seven years ({SEVEN_YEARS.to_days():,} days)" in _TEXT
    assert f"taken back for {NONCURRENT.to_days()} days more" in _TEXT
    assert "After 90 days log files go to Glacier Instant Retrieval" in _TEXT


def test_each_link_to_a_file_leads_to_one() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", _PAGE) if not link.startswith("https://")]

    assert links
    assert [link for link in links if not (_ROOT / "docs" / link).exists()] == []
