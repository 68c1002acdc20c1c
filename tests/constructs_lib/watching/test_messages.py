import json
from pathlib import Path

import pytest

from constructs_lib.watching.itself_events import silenced_message
from constructs_lib.watching.key_events import KINDS, WatchedName
from constructs_lib.watching.messages import CALL_FACTS, CALL_PATHS, Form, Message
from constructs_lib.watching.watch_events import (
    alias_message,
    policy_message,
    role_message,
    trail_message,
)
from tests.support.told_events import KEY_ARN, as_event, call, rendered

RUNBOOK = (Path(__file__).parents[3] / "docs" / "runbook.md").read_text()
EVERY_MESSAGE = [
    *(kind.message(WatchedName(arn=KEY_ARN, called="alias/orders")) for kind in KINDS.values()),
    alias_message(),
    policy_message(),
    role_message(),
    silenced_message("its rules"),
    trail_message("main"),
]
MESSAGE = Message(
    headline="alias/orders: <event>",
    facts=("Grantee: <grantee>", *CALL_FACTS),
    remedy=("aws kms disable-key", "ask <arn>"),
    section="first-look",
    paths={**CALL_PATHS, "grantee": "$.detail.requestParameters.granteePrincipal"},
)


def test_a_text_is_one_line_for_each_fact_each_in_quotation_marks() -> None:
    lines = MESSAGE.template(Form.TEXT).splitlines()

    assert lines[0] == '"alias/orders: <event>"'
    assert lines[-3:] == [
        '"Do now (1): aws kms disable-key"',
        '"Do now (2): ask <arn>"',
        '"Read on: docs/runbook.md#first-look of cdk-key-management"',
    ]
    assert all(isinstance(json.loads(line), str) for line in lines)


def test_a_chat_gets_the_only_form_that_it_shows() -> None:
    message = json.loads(
        rendered(MESSAGE.template(Form.CHAT), MESSAGE.used_paths(Form.CHAT), as_event(call("CreateGrant")))
    )

    assert (message["version"], message["source"]) == ("1.0", "custom")
    assert message["content"]["textType"] == "client-markdown"
    assert message["content"]["title"] == "alias/orders: CreateGrant"
    assert message["content"]["description"].splitlines()[0] == "Grantee: EX_PRINCIPAL_ID"
    assert message["content"]["nextSteps"] == [
        "aws kms disable-key",
        "ask Alice",
        "Read on: docs/runbook.md#first-look of cdk-key-management",
    ]


@pytest.mark.parametrize("form", Form)
def test_what_an_event_does_not_say_leaves_a_gap_and_nothing_else(form: Form) -> None:
    without = {name: value for name, value in call("CreateGrant").items() if name != "requestParameters"}
    without["userIdentity"] = {"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}

    text = rendered(MESSAGE.template(form), MESSAGE.used_paths(form), as_event(without))

    assert "Who:  (AWSService)" in text
    assert "<" not in text


def test_a_caller_of_another_account_is_known_by_principal_and_account() -> None:
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
    theirs = {"type": "AWSAccount", "principalId": "AIDACKCEVSQ6C2EXAMPLE", "accountId": "444455556666"}

    text = rendered(
        MESSAGE.template(Form.TEXT), MESSAGE.used_paths(Form.TEXT), as_event(call("CreateGrant", userIdentity=theirs))
    )

    assert '"Caller: AIDACKCEVSQ6C2EXAMPLE of account 444455556666"' in text


def test_a_quotation_mark_in_the_path_of_a_user_does_not_break_a_chat() -> None:
    quoted = {**call("CreateGrant")["userIdentity"], "arn": 'arn:aws:iam::111122223333:user/a"b/Alice'}

    shown = rendered(
        MESSAGE.template(Form.CHAT), MESSAGE.used_paths(Form.CHAT), as_event(call("CreateGrant", userIdentity=quoted))
    )

    assert "Who: Alice (IAMUser)" in json.loads(shown)["content"]["description"]


def test_a_chat_has_the_name_of_a_role() -> None:
    issuer = {"type": "Role", "userName": "app", "arn": "arn:aws:iam::111122223333:role/app"}
    identity = {
        "type": "AssumedRole",
        "principalId": "AROA:s",
        "accountId": "1",
        "sessionContext": {"sessionIssuer": issuer},
    }

    shown = rendered(
        MESSAGE.template(Form.CHAT), MESSAGE.used_paths(Form.CHAT), as_event(call("CreateGrant", userIdentity=identity))
    )

    description = json.loads(shown)["content"]["description"]
    assert "Who: app (AssumedRole)\nCaller: AROA:s of account 1" in description


@pytest.mark.parametrize("message", EVERY_MESSAGE, ids=lambda message: message.headline)
def test_a_template_has_the_paths_of_its_variables_and_no_others(message: Message) -> None:
    for form in Form:
        template = message.template(form)
        used = message.used_paths(form)
        assert all(f"<{name}>" in template for name in used)
        for name in used:
            template = template.replace(f"<{name}>", "")
        assert "<" not in template


@pytest.mark.parametrize("message", EVERY_MESSAGE, ids=lambda message: message.headline)
def test_no_message_holds_what_the_caller_chooses_freely(message: Message) -> None:
    assert not {path for path in message.paths.values() if "userAgent" in path or "Description" in path}


@pytest.mark.parametrize("message", EVERY_MESSAGE, ids=lambda message: message.headline)
def test_each_message_leads_to_a_section_of_the_runbook(message: Message) -> None:
    headings = {
        line.removeprefix("## ").lower().replace(" ", "-") for line in RUNBOOK.splitlines() if line.startswith("## ")
    }

    assert message.section in headings
