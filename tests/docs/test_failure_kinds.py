"""What the README says about failures is what callers are told."""

import re
from pathlib import Path

from envelope.errors import EnvelopeError
from envelope.handler.answers import REMEDIES

_ROOT = Path(__file__).resolve().parents[2]
_README = (_ROOT / "README.md").read_text()
_ROWS = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \| (\d{3}) \|$", _README, re.MULTILINE)


def test_every_kind_of_failure_has_its_row_with_its_status() -> None:
    assert {name: int(status) for name, _, status in _ROWS} == {
        kind.__name__: status for kind, (status, _) in REMEDIES.items()
    }
    assert {name for name, _, _ in _ROWS} == {kind.__name__ for kind in EnvelopeError.__subclasses__()}


def test_to_try_again_is_said_of_exactly_those_that_can_be_repeated() -> None:
    again = {name for name, remedy, _ in _ROWS if remedy in {"retry later", "send it again"}}

    assert again == {kind.__name__ for kind, (_, retry) in REMEDIES.items() if retry}


def test_each_kind_that_a_page_names_in_a_table_of_failures_exists() -> None:
    pages = [_ROOT / "docs" / name for name in ("encrypted-objects.md", "records.md", "re-encryption.md")]
    kinds = {kind.__name__ for kind in EnvelopeError.__subclasses__()}
    named = {
        name
        for page in pages
        for name in re.findall(r"`((?:Not|Invalid|Malformed|Key|Storage|Limit)[A-Z]\w+)`", page.read_text())
    }

    assert named
    assert named <= kinds
