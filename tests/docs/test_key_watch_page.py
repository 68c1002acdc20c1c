"""What the page about the key watch says is what the code does."""

import json
import re
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from constructs_lib import EncryptionKey, KeyMaterial, MultiRegionKey
from constructs_lib.key_watch import KeyWatch
from constructs_lib.watching.key_event import KeyEvent
from constructs_lib.watching.key_events import KINDS, WatchedName
from constructs_lib.watching.messages import Form
from constructs_lib.watching.notify import NewTopic
from constructs_lib.watching.outlet import open_outlet
from constructs_lib.watching.watch_events import (
    BUCKET_CALLS,
    TRAIL_CALLS,
    alias_pattern,
    policy_pattern,
    role_pattern,
)
from tests.support.told_events import KEY_ARN, as_event, call, rendered
from tests.support.watch_scene import OTHER_REGION, stack_of, trail_of

AWS_PAGES = "https://docs.aws.amazon.com/"
AROUND = {
    *alias_pattern([])["detail"]["eventName"],
    *role_pattern([])["detail"]["eventName"],
    *policy_pattern([])["detail"]["eventName"],
    *TRAIL_CALLS,
    *BUCKET_CALLS,
}
DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "key-watch.md").read_text()
WHOLE_WATCH, MORE_EVENTS, TARGETS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
ROW = re.compile(
    r"^\| `(?P<event>[A-Z_]+)` \| (?P<what>[^|]+) \| (?P<usual>told|not told) \| \[[^]]+\]\((?P<link>[^)]+)\) \|$"
)
ROWS = {row["event"]: row for row in map(ROW.match, PAGE.splitlines()) if row}


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """Run the blocks of the page as they stand, one after the other."""
    known: dict[str, Any] = {}
    for block in (WHOLE_WATCH, MORE_EVENTS, TARGETS):
        exec(block, known)  # noqa: S102  # as it stands on the page
    return known


def test_the_watch_of_the_page_has_the_number_of_rules_that_the_page_says(names: dict[str, Any]) -> None:
    watch = names["watch"]

    of_keys = [each for each in watch.rules if ": " in str(each.description)]
    assert len(of_keys) == 2 * 7
    assert len(watch.rules) - len(of_keys) == 6
    assert "A key takes 7 of them" in PAGE


def test_keys_of_other_kinds_take_the_number_of_rules_that_the_page_says() -> None:
    stack = stack_of()
    other = cdk.Stack(cdk.App.of(stack), "Ireland", env=cdk.Environment(account=stack.account, region=OTHER_REGION))
    keys = [
        EncryptionKey(stack, "Imported", alias="imported", material=KeyMaterial.IMPORTED),
        MultiRegionKey(stack, "Everywhere", alias="everywhere", replicas=[other]),
    ]
    notify = NewTopic(encryption_key=EncryptionKey(stack, "NewsKey", alias="news"))

    watch = KeyWatch(stack, "Watch", keys=keys, trail=trail_of(stack), notify=notify)

    told = [str(each.description).partition(": ")[0] for each in watch.rules]
    assert (told.count("alias/imported"), told.count("alias/everywhere")) == (9, 8)
    assert "material 9, one of several Regions 8, and a watch four to six for itself" in PAGE


def test_more_events_can_be_told_as_the_page_says(names: dict[str, Any]) -> None:
    usual, more = (
        {str(each.description) for each in names[watch].rules if str(each.description).startswith("alias/orders: ")}
        for watch in ("watch", "more")
    )

    assert more - usual == {f"alias/orders: {KeyEvent.SERVICE_GRANTS_CHANGED.value}"}
    assert usual < more


def test_everybody_on_the_page_can_be_told(names: dict[str, Any]) -> None:
    stack = names["stack"]

    opened = [
        open_outlet(
            cdk.Stack(cdk.App.of(stack), name, env=cdk.Environment(account=stack.account, region=stack.region)),
            names[name],
        )
        for name in ("ours", "theirs", "security", "chat")
    ]
    assert [each.topic is None for each in opened] == [False, False, True, False]


def test_every_kind_of_event_has_its_row() -> None:
    assert set(ROWS) == {event.name for event in KeyEvent}


@pytest.mark.parametrize("event", KeyEvent)
def test_a_row_says_what_the_rule_does(event: KeyEvent) -> None:
    row, kind = ROWS[event.name], KINDS[event]

    expected = ", ".join(f"`{each}`" for each in kind.calls) if kind.calls else f'"{kind.news}"'
    assert row["what"] == expected
    assert (row["usual"] == "told") is (event in KeyEvent.usual())
    assert f"docs/{row['link']}" == f"docs/runbook.md#{kind.section}"


def test_the_message_of_the_page_is_the_one_that_is_sent() -> None:
    (shown,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    message = KINDS[KeyEvent.DELETION_SCHEDULED].message(WatchedName(arn=KEY_ARN, called="alias/orders"))

    sent = rendered(message.template(Form.TEXT), message.used_paths(Form.TEXT), as_event(call("ScheduleKeyDeletion")))

    assert sent == shown.rstrip("\n")


def test_the_page_says_which_samples_are_derived_and_which_are_not_of_aws() -> None:
    data = DOCS.parent / "tests" / "data"
    derived = set(json.loads((data / "cloudtrail_requests.json").read_text()))
    watched = {call for kind in KINDS.values() for call in kind.calls} | AROUND
    sources = {
        path.stem: json.loads(path.read_text())["source"] for path in (data / "cloudtrail_events").glob("*.json")
    }
    theirs = {name for name in watched if not sources.get(name, AWS_PAGES).startswith(AWS_PAGES)}
    of_others, of_nobody = (
        re.findall(r"`(\w+)`", next(each for each in PAGE.split("\n- ") if mark in each).partition("\n\n")[0])
        for mark in ("Stratus", "derived, from")
    )

    assert set(of_others) == theirs - derived
    assert set(of_nobody) == derived
    assert f"API page describes, are {len(derived)}:" in " ".join(PAGE.split())
