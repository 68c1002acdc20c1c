"""What the page about the key watch says is what the code does."""

import re
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_chatbot as chatbot
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns_subscriptions as subscriptions

from constructs_lib import EncryptionKey, KeyMaterial, MultiRegionKey
from constructs_lib.audit_trail import AuditTrail
from constructs_lib.key_watch import KeyWatch
from constructs_lib.watching.key_event import KeyEvent
from constructs_lib.watching.key_events import KINDS, WatchedName
from constructs_lib.watching.messages import Form
from constructs_lib.watching.notify import NewTopic, ToBus, ToChat, ToTopic
from constructs_lib.watching.outlet import open_outlet
from tests.support.told_events import KEY_ARN, as_event, call, rendered
from tests.support.watch_scene import OTHER_REGION, stack_of, trail_of

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "key-watch.md").read_text()
WHOLE_WATCH, MORE_EVENTS, TARGETS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
ROW = re.compile(
    r"^\| `(?P<event>[A-Z_]+)` \| (?P<what>[^|]+) \| (?P<usual>told|not told) \| \[[^]]+\]\((?P<link>[^)]+)\) \|$"
)
ROWS = {row["event"]: row for row in map(ROW.match, PAGE.splitlines()) if row}


def run(block: str, **names: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        **{each.__name__: each for each in (AuditTrail, EncryptionKey, KeyWatch, KeyEvent)},
        **{each.__name__: each for each in (NewTopic, ToBus, ToChat, ToTopic)},
        "events": events,
        "subscriptions": subscriptions,
        **names,
    }
    exec(block, known)  # noqa: S102  # as it stands on the page
    return known


def test_the_watch_of_the_page_has_the_number_of_rules_that_the_page_says() -> None:
    stack = stack_of()
    keys = {name: EncryptionKey(stack, name.title(), alias=name) for name in ("orders", "invoices")}
    reader = iam.Role(stack, "Reader", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))

    watch = run(WHOLE_WATCH, stack=stack, reader=reader, **keys)["watch"]

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


def test_more_events_can_be_told_as_the_page_says() -> None:
    stack = stack_of()
    key = EncryptionKey(stack, "Orders", alias="orders")
    notify = NewTopic(encryption_key=EncryptionKey(stack, "NewsKey", alias="news"))

    run(MORE_EVENTS, stack=stack, orders=key, trail=trail_of(stack), notify=notify)

    assert stack.node.find_child("Watch").node.default_child is None


def test_everybody_on_the_page_can_be_told() -> None:
    stack = stack_of()
    news_key = EncryptionKey(stack, "NewsKey", alias="news")
    channel = chatbot.SlackChannelConfiguration(
        stack, "Channel", slack_channel_configuration_name="keys", slack_channel_id="C1", slack_workspace_id="W1"
    )
    watch = KeyWatch(
        stack,
        "Watch",
        keys=[EncryptionKey(stack, "Orders", alias="orders")],
        trail=trail_of(stack),
        notify=NewTopic(encryption_key=news_key),
    )
    bus_arn = "arn:aws:events:us-east-1:444455556666:event-bus/security"

    names = run(TARGETS, stack=stack, news_key=news_key, watch=watch, channel=channel, bus_arn=bus_arn)

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
