"""The page on questions to the trail: its example works, and what it says of each question is what the query does."""

import re
import shlex
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from constructs_lib.auditing.saved_queries.all_queries import all_queries
from constructs_lib.auditing.trail_table import COLUMNS, PARTITIONS, TABLE
from tests.support.synthesised import only, template_of
from tests.support.trail_records import DATABASE, Event, Records, derived, sample

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "audit-queries.md").read_text()
TEXT = " ".join(PAGE.split())
KEY = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
NEVER_SEEN = "arn:aws:kms:us-west-2:111122223333:key/2345bcde-23bc-45de-67fa-2345678901bc"
QUERIES = {each.name: each for each in all_queries(DATABASE, key_arns=[NEVER_SEEN], unused_days=90, seen_days=365)}

SECRET = derived(
    sample("questions/DeleteSecret"),
    {"eventName": "GetSecretValue", "requestParameters": {"recoveryWindowInDays": None}, "responseElements": None},
)
RECORDS: dict[str, list[Event]] = {
    "who_used_a_key": [
        sample("Decrypt"),
        derived(sample("Decrypt"), {"eventID": "2", "eventTime": "2020-08-01T09:00:00Z"}),
        sample("questions/ReEncrypt"),
        sample("questions/Decrypt-by-s3"),
    ],
    "who_was_refused": [
        derived(sample("failed/Decrypt-AccessDenied-by-config"), {"eventID": "1", "recipientAccountId": "000000000000"})
    ],
    "changes_to_keys": [
        sample("questions/CreateKey"),
        derived(
            sample("CreateGrant"),
            {
                "eventTime": "2022-09-01T08:00:00Z",
                "responseElements": {"grantId": sample("questions/RevokeGrant")["requestParameters"]["grantId"]},
            },
        ),
        sample("questions/RevokeGrant"),
        sample("PutKeyPolicy"),
    ],
    "keys_not_used": [derived(sample("Decrypt"), {"eventTime": "2026-06-01T12:00:00Z"})],
    "who_read_secrets": [
        SECRET,
        derived(
            SECRET,
            {
                "eventID": "2",
                "eventTime": "2018-04-04T10:00:00Z",
                "requestParameters": {"secretId": sample("questions/DeleteSecret")["responseElements"]["aRN"]},
            },
        ),
    ],
    "what_a_principal_did": [sample("questions/GenerateDataKey-by-s3"), sample("questions/Decrypt-by-s3")],
}

each_query = pytest.mark.parametrize("name", QUERIES)


def blocks(language: str, text: str = PAGE) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def section(name: str) -> str:
    (found,) = re.findall(rf"### `{name}`\n(.*?)(?=\n##|\Z)", PAGE, re.DOTALL)
    return str(found)


def command(text: str) -> list[str]:
    (block,) = blocks("sh", text)
    return shlex.split(block.replace("\\\n", " "))


def given(name: str, option: str) -> list[str]:
    """Return what the command of a question gives for an option."""
    _, *options = re.split(r" (?=--)", shlex.join(command(section(name))))
    words = {first: rest for first, *rest in map(shlex.split, options)}
    return words.get(option, [])


def values(name: str) -> list[str]:
    quoted = given(name, "--execution-parameters")
    assert all(each[0] == each[-1] == "'" for each in quoted)
    return [each[1:-1] for each in quoted]


def table(rows: list[dict[str, Any]]) -> str:
    """Write an answer as the page does: policies and messages cut short."""

    def cell(column: str, value: Any) -> str:
        text = "" if value is None else " ".join(str(value).split())
        return f"`{text[:50]}...`" if column.startswith(("policy_", "last_message")) and text else text

    lines = [list(rows[0]), ["---"] * len(rows[0]), *([cell(*each) for each in row.items()] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


@pytest.fixture(scope="module")
def records() -> Records:
    return Records()


@each_query
def test_the_answer_of_the_page_is_that_of_the_query(records: Records, name: str) -> None:
    records.hold(RECORDS[name])

    assert table(records.ask(QUERIES[name], *values(name))) in section(name)


@each_query
def test_each_question_is_said_as_it_is_saved(name: str) -> None:
    query, text = QUERIES[name], " ".join(section(name).split())

    assert text.startswith(query.question)
    assert given(name, "--query-string") == [f"EXECUTE {name}"]
    assert len(values(name)) == len(query.asks_for)
    assert f"It asks for {', '.join(query.asks_for) or 'nothing'}." in text


@each_query
def test_each_command_exists_with_its_options(name: str) -> None:
    aws, service, operation, *options = command(section(name))

    model = botocore.session.get_session().get_service_model(service)
    shape = model.operation_model("".join(word.title() for word in operation.split("-"))).input_shape
    assert shape is not None
    known = {"--" + re.sub(r"(?<!^)(?=[A-Z])", "-", member).lower() for member in shape.members}
    assert (aws, service) == ("aws", "athena")
    assert {each for each in options if each.startswith("--")} <= known


def test_the_page_has_these_questions_and_no_others() -> None:
    assert re.findall(r"### `(\w+)`", PAGE) == list(QUERIES)


def test_the_example_defines_what_the_page_says() -> None:
    (block,) = blocks("python")
    names: dict[str, Any] = {}

    exec(block, names)  # noqa: S102  # as it stands on the page

    stack = names["stack"]
    template = template_of(stack)
    workgroup = only(template, "AWS::Athena::WorkGroup")["Properties"]
    assert f"workgroup and database `{workgroup['Name']}`" in TEXT
    scanned = workgroup["WorkGroupConfiguration"]["BytesScannedCutoffPerQuery"]
    assert f"{scanned // 1024**3} GiB" in TEXT
    assert f"table `{TABLE}`" in TEXT
    assert all(f"`{partition}`" in TEXT for partition in PARTITIONS)
    assert "`resources`" in TEXT
    assert "resources" in COLUMNS
