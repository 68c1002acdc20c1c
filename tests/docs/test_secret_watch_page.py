"""What the page about the secret watch says is what the code does."""

import re
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.watching.messages import Form
from constructs_lib.watching.overdue import DIMENSION, NAMESPACE
from constructs_lib.watching.secret_event import SecretEvent
from constructs_lib.watching.secret_events import SECRET_KINDS
from constructs_lib.wiring.secret_in_records import SecretInRecords
from secret_rotation import overdue
from tests.support.told_events import as_event, rendered
from tests.support.told_secrets import PUBLISHED_NEWS, SECRET_ARN, SECRET_NAME, secret_call

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "secret-watch.md").read_text()
ROW = re.compile(
    r"^\| `(?P<event>[A-Z_]+)` \| (?P<what>[^|]+) \| (?P<usual>told|not told) \| \[[^]]+\]\((?P<link>[^)]+)\) \|$"
)
ROWS = {row["event"]: row for row in map(ROW.match, PAGE.splitlines()) if row}


def test_the_watch_of_the_page_is_defined_as_it_stands() -> None:
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    known: dict[str, Any] = {}

    exec(block, known)  # noqa: S102  # as it stands on the page

    watch = known["watch"]
    assert len(watch.alarms) == 1
    # Who rotates an imported secret is not known, so nobody is told who moves its labels.
    assert len(watch.rules) == 2 * len(SecretEvent.usual()) - 1 + 4


def test_every_kind_of_event_has_its_row() -> None:
    assert set(ROWS) == {event.name for event in SecretEvent}


@pytest.mark.parametrize("event", SecretEvent)
def test_a_row_says_what_the_rule_does(event: SecretEvent) -> None:
    row, kind = ROWS[event.name], SECRET_KINDS[event]

    quoted = '"{}"' if kind.is_news else "`{}`"
    assert row["what"] == ", ".join(quoted.format(each) for each in kind.names)
    assert (row["usual"] == "told") is (event in SecretEvent.usual())
    assert row["link"] == f"runbook.md#{kind.section}"


def test_the_message_of_the_page_is_the_one_that_is_sent() -> None:
    (shown,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    secret = SecretInRecords(arn=SECRET_ARN, called=SECRET_NAME, name=SECRET_NAME)
    message = SECRET_KINDS[SecretEvent.DELETION_SCHEDULED].message(secret)

    sent = rendered(message.template(Form.TEXT), message.used_paths(Form.TEXT), as_event(secret_call("DeleteSecret")))

    assert sent == shown.rstrip("\n")


def test_the_page_has_the_metrics_that_are_written() -> None:
    written = re.findall(r"^\| `([A-Za-z]+)` \| (?!`)[^|]+ \|$", PAGE, re.MULTILINE)

    assert written == list(overdue.METRICS)
    assert f"`{NAMESPACE}`" in PAGE
    assert f"`{DIMENSION}`" in PAGE


def test_the_page_says_which_samples_are_published() -> None:
    published = PAGE.split("Patterns are tested with records:")[1].split("All others are derived")[0]

    assert set(re.findall(r'"(\w+)"', published)) == set(PUBLISHED_NEWS)
    for each in PUBLISHED_NEWS.values():
        assert any(each["source"].startswith(link) for link in re.findall(r"\((https://[^)]+)\)", published))
