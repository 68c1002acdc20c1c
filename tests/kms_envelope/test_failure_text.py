import click
import pytest

from envelope.errors import MalformedMessage, NotAuthentic
from envelope.format.suites import SUITES, CommitmentPolicy, suite_with_id
from kms_envelope.failure_text import failure_text
from kms_envelope.message_facts import least_policy

STRICT = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT


def test_a_refusal_says_where_to_look_and_nothing_about_the_reason() -> None:
    assert failure_text(NotAuthentic()) == (
        "kms-envelope: message must be authentic under this key and encryption context "
        "(kms-envelope inspect shows which keys and which encryption context it names)"
    )


@pytest.mark.parametrize("suite_id", [number for number, suite in SUITES.items() if not suite.commits])
def test_an_older_message_says_which_option_reads_it(suite_id: int) -> None:
    suite = SUITES[suite_id]
    with pytest.raises(MalformedMessage) as refused:
        suite_with_id(suite.suite_id, message_format=1, policy=STRICT)

    said = failure_text(refused.value)

    assert said.endswith(f", got {suite.name}, which --commitment-policy {least_policy(suite).name} reads")


def test_other_messages_are_told_as_they_are() -> None:
    assert failure_text(MalformedMessage("algorithm suite must be one, got 9")).endswith("must be one, got 9")


def test_a_wrong_command_line_is_one_line_that_says_where_help_is() -> None:
    context = click.Context(click.Command("encrypt"), info_name="kms-envelope encrypt")

    assert failure_text(click.UsageError("no\nsuch\x1bthing.", context)) == (
        r"kms-envelope encrypt: no\nsuch\x1bthing (kms-envelope encrypt --help tells more)"
    )
    assert failure_text(click.UsageError("text")) == "kms-envelope: text (kms-envelope --help tells more)"


def test_files_are_named() -> None:
    assert failure_text(PermissionError(13, "Permission denied", "orders.enc")) == (
        "kms-envelope: Permission denied: orders.enc"
    )
    assert failure_text(OSError(28, "No space left on device")) == "kms-envelope: No space left on device"
