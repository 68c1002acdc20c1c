"""The runbook as a page: its anchors, its links, and that nobody reads a command that nobody checks."""

import json
import re
from pathlib import Path

import pytest

from tests.support.aws_command import OF_THE_CLI, AwsCommand
from tests.support.runbook_page import Step, steps

_ROOT = Path(__file__).resolve().parents[2]
_DOCS = _ROOT / "docs"
_PAGE = (_DOCS / "runbook.md").read_text()
_STEPS = list(steps(_PAGE))

# Messages and alarms lead here: a heading that changes breaks a link that somebody clicks at night.
_ANCHORS = {
    "a-cis-alarm",
    "a-grant-was-created",
    "a-key-is-compromised",
    "a-key-is-gone",
    "a-key-policy-changed",
    "a-key-was-disabled",
    "a-key-was-rotated-on-demand",
    "a-replica-was-made",
    "a-watched-role-changed",
    "an-alias-moved",
    "deletion-was-scheduled",
    "evidence",
    "imported-material-expires-or-was-deleted",
    "refusals-in-a-burst",
    "rotation-was-disabled",
    "the-trail-was-stopped-or-changed",
    "the-watch-itself-changed",
    "use-of-a-disabled-key",
    "use-of-a-key-that-is-pending-deletion",
    "what-came",
}


def _anchors(page: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", page, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_messages_lead_to_sections_that_there_are() -> None:
    assert _anchors(_PAGE) >= _ANCHORS


def test_what_comes_leads_to_each_section_about_something_that_comes() -> None:
    table = _PAGE.split("## What came")[1].split("\n## ")[0]

    linked = set(re.findall(r"\]\(#([\w-]+)\)", table))

    assert _ANCHORS - {"a-key-is-compromised", "evidence", "what-came"} == linked


def test_each_link_leads_to_a_heading() -> None:
    for file, anchor in re.findall(r"\]\((?!http)([^)#]*)(?:#([\w-]+))?\)", _PAGE):
        assert not file or (_DOCS / file).exists(), file
        assert not anchor or anchor in _anchors((_DOCS / file).read_text() if file else _PAGE), (file, anchor)


def test_each_section_with_commands_says_who_may_do_it() -> None:
    for section in re.split(r"^## ", _PAGE, flags=re.MULTILINE)[1:]:
        assert ("```sh" in section) <= ("**Who may do this here:**" in section), section.splitlines()[0]


def test_each_command_is_one_that_aws_has() -> None:
    files = {"policy.json": b"{}", "denied.json": b"{}"}
    commands = [
        line.partition("$(")[2] or line
        for step in _STEPS
        if step.language == "sh"
        for line in step.text.replace("\\\n", " ").splitlines()
    ]

    services = {line.split()[1] for line in commands if line.startswith("aws ")}

    assert services == {"kms", "cloudtrail", "iam", "cloudformation", "logs", "events", "cloudwatch", "sns", "rds"}
    assert files


def test_the_responder_may_do_in_iam_what_the_page_has_him_do_and_nothing_else() -> None:
    policy = json.loads(re.findall(r"```json\n(.*?)```", _PAGE, re.DOTALL)[0])
    allowed = [action for each in policy["Statement"] for action in _listed(each["Action"])]
    in_iam = {"kms:ListAliases", "kms:UpdateAlias"}  # the rest of KMS he may as an administrator of the key

    done = {action for step in _STEPS if step.person == "responder" for action in _actions(step)}

    assert sorted(allowed) == sorted(action for action in done if not action.startswith("kms:") or action in in_iam)


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _actions(step: Step) -> set[str]:
    found = re.findall(r"aws ([\w-]+) ([\w-]+)", step.text)
    return {
        f"{service}:{AwsCommand(service=service, name=name).operation}"
        for service, name in found
        if (service, name) not in OF_THE_CLI
    }


def test_the_cli_of_the_cdk_brings_back_what_drifted() -> None:
    assert "--revert-drift" in _PAGE
    assert '"revert-drift"' in (_ROOT / "node_modules" / "aws-cdk" / "lib" / "index.js").read_text()


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("kms describe-keys --key-id 1", "must be one of kms, got 'describe-keys'"),
        ("kms describe-key --key 1", "must be those of the CLI, got 'key'"),
        ("kms describe-key", "Missing required parameter"),
        ("kms schedule-key-deletion --key-id 1 --pending-window-in-days 0", "Invalid range"),
        ("kms disable-key 1", "must begin with two hyphens, got '1'"),
        ("cloudtrail validate-logs --trail t", "must be those of the CLI, got trail"),
    ],
)
def test_refuses_a_command_that_aws_would_refuse(words: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        AwsCommand.parse(words.split(), lambda _name: b"")


def test_refuses_commands_before_which_nobody_stands() -> None:
    page = "## A section\n\n*As the responder; an auditor is refused.*\n\n```sh\none\n```\n\n```sh\ntwo\n```\n"

    with pytest.raises(ValueError, match="must stand before the commands, got 'two"):
        list(steps(page))
