"""The runbook as a page: its anchors, its links, and that nobody reads a command that nobody checks."""

import json
import re
from pathlib import Path

import pytest

from constructs_lib.auditing.saved_queries.all_queries import all_queries
from constructs_lib.watching.certificate_events import CERTIFICATE_KINDS
from constructs_lib.watching.cis_controls import CisControl
from constructs_lib.watching.itself_events import MEANS_CALLS, MEANS_PUTS, RULE_CALLS, RULE_PUTS, TOPIC_CALLS
from constructs_lib.watching.key_events import KINDS
from constructs_lib.watching.secret_events import SECRET_KINDS
from constructs_lib.watching.watch_events import BUCKET_CALLS, TRAIL_CALLS, alias_pattern
from tests.support.aws_command import OF_THE_CLI, AwsCommand
from tests.support.runbook_page import Step, steps

_ROOT = Path(__file__).resolve().parents[2]
_DOCS = _ROOT / "docs"
_PAGE = (_DOCS / "runbook.md").read_text()
_STEPS = list(steps(_PAGE))

# Messages and alarms lead here: a heading that changes breaks a link that somebody clicks at night.
_ANCHORS = {
    "a-certificate-expires-or-has-expired",
    "a-certificate-is-not-issued",
    "a-certificate-is-not-renewed",
    "a-certificate-was-refused",
    "a-certificate-was-revoked",
    "a-cis-alarm",
    "a-grant-was-created",
    "a-key-is-compromised",
    "a-key-is-gone",
    "a-key-policy-changed",
    "a-key-was-disabled",
    "a-key-was-rotated-on-demand",
    "a-new-certificate",
    "a-replica-was-made",
    "a-secret-has-another-value",
    "a-secret-was-not-rotated",
    "a-secret-will-be-deleted-or-is-gone",
    "a-watched-role-changed",
    "an-alias-moved",
    "deletion-was-scheduled",
    "evidence",
    "first-look",
    "imported-material-expires-or-was-deleted",
    "refusals-in-a-burst",
    "rotation-was-disabled",
    "somebody-was-refused-a-secret",
    "the-trail-was-stopped-or-changed",
    "the-watch-itself-changed",
    "use-of-a-disabled-key",
    "use-of-a-key-that-is-pending-deletion",
    "what-came",
    "who-may-read-a-secret-changed",
}


def _anchors(page: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", page, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_messages_lead_to_sections_that_there_are() -> None:
    assert _anchors(_PAGE) >= _ANCHORS


def test_what_this_library_says_leads_to_sections_that_there_are() -> None:
    sources = "".join(path.read_text() for path in (_ROOT / "constructs_lib").rglob("*.py"))

    linked = {one or other for one, other in re.findall(r'runbook\.md#([\w-]+)|\bsection="([\w-]+)"', sources)}

    assert len(linked) > 10
    assert linked <= _ANCHORS


def test_what_this_library_tells_people_to_run_is_what_aws_has() -> None:
    sources = "".join(path.read_text() for path in (_ROOT / "constructs_lib" / "watching").glob("*.py"))

    told = set(
        re.findall(
            r"\baws ((?:acm|kms|iam|cloudtrail|cloudformation|sns|events|logs|secretsmanager) [a-z]+(?:-[a-z]+)+)",
            sources,
        )
    )

    assert "kms cancel-key-deletion" in told
    assert not [words for words in told if not _operation(*words.split())]


def test_each_call_that_a_watch_tells_has_a_row() -> None:
    table = _PAGE.split("## What came")[1].split("\n## ")[0]
    calls = {call for kind in KINDS.values() for call in (*kind.calls, kind.news) if call}
    calls |= {*TRAIL_CALLS, *BUCKET_CALLS, *alias_pattern(["alias/orders"])["detail"]["eventName"]}
    calls |= {name for kind in SECRET_KINDS.values() for name in kind.names}
    calls |= {kind.name for kind in CERTIFICATE_KINDS.values()}
    calls |= {*RULE_CALLS, *RULE_PUTS, *TOPIC_CALLS, *MEANS_CALLS, *MEANS_PUTS}

    assert not [call for call in sorted(calls) if not re.search(rf"[`\"]{call}[`\"]", table)]


def test_each_saved_question_is_one_that_there_is() -> None:
    names = {each.name for each in all_queries("audit", key_arns=(), unused_days=90, seen_days=365)}

    mentioned = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", _PAGE)) - {"further_keys"}

    assert mentioned
    assert mentioned <= names


def test_each_cis_alarm_has_a_row() -> None:
    table = _PAGE.split("## A CIS alarm")[1].split("\n## ")[0]

    assert sorted(re.findall(r"\b4\.\d+\b", table)) == sorted(control.value for control in CisControl)


def test_what_comes_leads_to_each_section_about_something_that_comes() -> None:
    table = _PAGE.split("## What came")[1].split("\n## ")[0]

    linked = set(re.findall(r"\]\(#([\w-]+)\)", table))

    assert linked == _ANCHORS - {"a-key-is-compromised", "evidence", "what-came"}


def test_each_link_leads_to_a_heading() -> None:
    for file, anchor in re.findall(r"\]\((?!http)([^)#]*)(?:#([\w-]+))?\)", _PAGE):
        assert not file or (_DOCS / file).exists(), file
        assert not anchor or anchor in _anchors((_DOCS / file).read_text() if file else _PAGE), (file, anchor)


def test_each_section_with_commands_says_who_may_do_it() -> None:
    for section in re.split(r"^## ", _PAGE, flags=re.MULTILINE)[1:]:
        assert ("```sh" in section) <= ("**Who may do this here:**" in section), section.splitlines()[0]


def test_each_command_in_the_text_is_one_that_aws_has() -> None:
    mentioned = [each.split() for each in re.findall(r"`aws ([\w-]+ [\w-]+)`", _PAGE)]

    assert mentioned
    assert not [words for words in mentioned if not _operation(*words)]


def test_the_responder_may_do_in_iam_what_the_page_has_him_do_and_nothing_else() -> None:
    policy = json.loads(re.findall(r"```json\n(.*?)```", _PAGE, re.DOTALL)[0])
    allowed = [action for each in policy["Statement"] for action in _listed(each["Action"])]
    in_iam = {"kms:ListAliases", "kms:UpdateAlias"}  # the rest of KMS he may as an administrator of the key

    done = {action for step in _STEPS if step.person == "responder" for action in _actions(step)}

    assert sorted(allowed) == sorted(action for action in done if not action.startswith("kms:") or action in in_iam)


def _operation(service: str, name: str) -> str:
    return AwsCommand(service=service, name=name).operation


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _actions(step: Step) -> set[str]:
    found = re.findall(r"aws ([\w-]+) ([\w-]+)", step.text)
    return {f"{each[0]}:{_operation(*each)}" for each in found if each not in OF_THE_CLI}


def test_the_cli_of_the_cdk_brings_back_what_drifted() -> None:
    assert "--revert-drift" in _PAGE
    assert '"revert-drift"' in (_ROOT / "node_modules" / "aws-cdk" / "lib" / "index.js").read_text()


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("kms describe-keys --key-id 1", "must be one of kms, got 'describe-keys'"),
        ("kms describe-key --key 1", "must be those of the CLI, got 'key'"),
        ("kms describe-key", "Missing required parameter"),
        ("kms schedule-key-deletion --key-id 1 --pending-window-in-days 0", "valid min value: 1"),
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
