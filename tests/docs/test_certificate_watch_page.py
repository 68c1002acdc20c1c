"""What the page about the certificate watch says is what the code does."""

import re
from pathlib import Path
from typing import Any

import pytest

from certificate_care import certificate_state, import_metrics
from constructs_lib.watching.certificate_event import CertificateEvent
from constructs_lib.watching.certificate_events import CERTIFICATE_KINDS, TOLD_DAYS
from constructs_lib.watching.certificate_life import LAST_PERCENT, LIFE_NOW, days_left
from constructs_lib.watching.messages import Form
from constructs_lib.wiring.certificate_facts import Renewal
from tests.support.told_certificates import told, watched
from tests.support.told_events import rendered

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "certificate-watch.md").read_text()
ROW = re.compile(
    r'^\| `(?P<event>[A-Z_]+)` \| "(?P<what>[^|"]+)" \| (?P<usual>told|not told) \| \[[^]]+\]\((?P<link>[^)]+)\) \|$'
)
ROWS = {row["event"]: row for row in map(ROW.match, PAGE.splitlines()) if row}
ALARMS = PAGE.split("## Alarms")[1].split("\n## ")[0]


def test_the_watch_of_the_page_is_defined_as_it_stands() -> None:
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    known: dict[str, Any] = {}

    exec(block, known)  # noqa: S102  # as it stands on the page

    assert len(known["watch"].rules) == len(CertificateEvent.usual()) + 3
    assert len(known["watch"].alarms) == 5


def test_every_kind_of_event_has_its_row() -> None:
    assert set(ROWS) == {event.name for event in CertificateEvent}


@pytest.mark.parametrize("event", CertificateEvent)
def test_a_row_says_what_the_rule_does(event: CertificateEvent) -> None:
    row, kind = ROWS[event.name], CERTIFICATE_KINDS[event]

    assert row["what"] == kind.name
    assert (row["usual"] == "told") is (event in CertificateEvent.usual())
    assert row["link"] == f"runbook.md#{kind.section}"


def test_the_message_of_the_page_is_the_one_that_is_sent() -> None:
    (shown,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    message = CERTIFICATE_KINDS[CertificateEvent.RENEWAL_BLOCKED].message(watched())

    sent = rendered(message.template(Form.TEXT), message.used_paths(Form.TEXT), told(CertificateEvent.RENEWAL_BLOCKED))

    assert sent == shown.rstrip("\n")


def test_the_page_has_the_days_on_which_it_is_told_that_a_certificate_expires() -> None:
    *first, last = TOLD_DAYS

    assert f"It is told at\n{', '.join(map(str, first))} and {last} days." in PAGE


def test_the_page_has_the_days_and_the_share_at_which_alarms_ring() -> None:
    (at,), (first, _) = (days_left(LIFE_NOW, each) for each in (Renewal.BY_ACM, Renewal.FROM_SECRET))
    text = " ".join(ALARMS.split())

    assert f"at {at} of {LIFE_NOW} days left | all" in text
    assert f"at {first} of {LIFE_NOW} days left | those that somebody" in text
    assert f"| at {LAST_PERCENT} % |" in text
    (of_100,), (of_47,) = (days_left(life, Renewal.BY_ACM) for life in (100, 47))
    assert f"`validity_days=100` has the alarm ring at {of_100} days, `validity_days=47` at {of_47}, and" in text
    twice = [" and ".join(map(str, days_left(life, Renewal.FROM_SECRET))) for life in (100, 47)]
    assert f"at {twice[0]}, and at {twice[1]}." in text


def test_the_page_has_the_metrics_that_are_written() -> None:
    looked_at = PAGE.split("## What is looked at")[1]

    assert re.findall(r"^\| `([A-Za-z]+)` \|", looked_at, re.MULTILINE) == sorted(
        certificate_state.METRICS, key=looked_at.index
    )
    assert all(f"`{each}`" in looked_at for each in import_metrics.METRICS)
    assert f"`{certificate_state.NAMESPACE}`" in PAGE
    assert f"`{certificate_state.DIMENSION}`" in PAGE
