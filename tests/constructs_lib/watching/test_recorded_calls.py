from constructs_lib.watching.messages import Form
from constructs_lib.watching.recorded_calls import call_message
from tests.support.told_events import as_event, call, rendered


def test_a_message_says_what_it_is_told_and_who_it_was() -> None:
    message = call_message(
        "Stopped: <key>",
        section="first-look",
        facts=("What it means: less",),
        remedy=("aws kms enable-key",),
        paths={"key": "$.detail.requestParameters.keyId"},
    )

    text = rendered(message.template(Form.TEXT), message.used_paths(Form.TEXT), as_event(call("DisableKey")))

    lines = [line.strip('"') for line in text.splitlines()]
    assert lines[:3] == [
        "Stopped: 1234abcd-12ab-34cd-56ef-1234567890ab",
        "What it means: less",
        "Who: arn:aws:iam::111122223333:user/Alice (IAMUser)",
    ]
    assert lines[-2:] == ["Do now (1): aws kms enable-key", "Read on: docs/runbook.md#first-look of cdk-key-management"]
