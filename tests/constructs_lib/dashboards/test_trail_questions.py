"""The questions to a trail, answered over published records."""

import json
from typing import Any

from constructs_lib.dashboards.trail_questions import LONGEST_QUERY, STATE_CHANGES, TrailQuestions
from tests.support.logs_insights import LogsInsights, flat
from tests.support.recorded_events import EVENTS, record
from tests.support.shown_keys import some_key, some_keys

KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
OF_XKS = "0987dcba-09fe-87dc-65ba-ab0987654321"
ALICE = "arn:aws:iam::111122223333:user/Alice"
ASKED = TrailQuestions("trail", [some_key("orders", KEY_ID), some_key("partner", OF_XKS)])
REFUSED = record(
    "failed/Decrypt-AccessDenied-by-config",
    errorMessage=f"... is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-west-1:1:key/{KEY_ID}",
)
RECORDS = [
    record("Decrypt"),
    REFUSED,
    {**REFUSED, "eventTime": "2021-10-30T03:59:59Z"},
    record("failed/Decrypt-AccessDenied-by-config"),  # of a key that is not on the dashboard
    record("failed/LeaveOrganization-AccessDenied"),
    record("failed/Decrypt-KMSInvalidStateException"),
    record("failed/Decrypt-IncorrectKeyException"),
    record("failed/Decrypt-IncorrectKeyException", errorCode="ThrottlingException"),
    record("DisableKey"),
    record("DisableKey", errorCode="NotFoundException"),
    record("ScheduleKeyDeletion"),
    record("CreateAlias"),
]


def _answer(question: str) -> list[dict[str, Any]]:
    return LogsInsights(question).answer(RECORDS)


def test_refusals_are_counted_by_principal_operation_and_alias() -> None:
    assert _answer(ASKED.refusals) == [
        {
            "principal": "XXXXXXXXXXXXXXXXXXXXX:LambdaDescribeHandlerSession",
            "eventName": "Decrypt",
            "alias": "alias/orders",
            "refusals": 2,
            "last": "2021-10-30T03:59:59Z",
        }
    ]


def test_other_errors_are_counted_by_code_operation_and_alias() -> None:
    assert sorted(
        (row["errorCode"], row["eventName"], row["alias"], row["errors"]) for row in _answer(ASKED.errors)
    ) == [
        ("IncorrectKeyException", "Decrypt", "alias/orders", 1),
        ("KMSInvalidStateException", "Decrypt", "alias/partner", 1),
        ("NotFoundException", "DisableKey", "alias/orders", 1),
        ("ThrottlingException", "Decrypt", "alias/orders", 1),
    ]


def test_failures_are_counted_by_hour() -> None:
    by_hour = [(row["refused"], row["throttled"], row["all_failures"]) for row in _answer(ASKED.failures_by_hour)]

    assert sorted(by_hour) == [(0, 0, 1), (0, 0, 1), (0, 1, 2), (1, 0, 1), (1, 0, 1)]


def test_changes_that_succeeded_are_listed_newest_first() -> None:
    rows = _answer(ASKED.state_changes)

    assert [(row["eventName"], row["alias"], row["principal"]) for row in rows] == [
        ("ScheduleKeyDeletion", "alias/orders", ALICE),
        ("DisableKey", "alias/orders", ALICE),
    ]


def test_each_state_change_that_is_published_is_listed() -> None:
    published = sorted({path.stem for path in EVENTS.glob("*.json")} & set(STATE_CHANGES))
    rows = LogsInsights(ASKED.state_changes).answer([record(name) for name in published])

    assert len(published) > 5
    assert sorted(row["eventName"] for row in rows) == published


def test_each_field_that_is_asked_for_is_one_of_published_records() -> None:
    published = {field for path in EVENTS.rglob("*.json") for field in flat(json.loads(path.read_text())["event"])}
    for question in (ASKED.refusals, ASKED.errors, ASKED.failures_by_hour, ASKED.state_changes):
        asked = LogsInsights(question)
        asked.answer(RECORDS)
        assert asked.fields >= {"errorCode", "eventSource"}
        assert asked.fields <= published
        assert asked.log_group == "trail"


def test_answers_say_aliases_as_long_as_there_is_room() -> None:
    def longest(count: int) -> tuple[bool, int]:
        asked = TrailQuestions("t" * 512, some_keys(count))
        questions = (asked.refusals, asked.errors, asked.failures_by_hour, asked.state_changes)
        return asked.says_aliases, max(len(each) for each in questions)

    assert [longest(count)[0] for count in (1, 40, 60, 200)] == [True, True, True, False]
    assert all(longest(count)[1] <= LONGEST_QUERY for count in (1, 40, 60, 70, 80, 100, 200))


def test_answers_without_room_for_aliases_say_key_ids() -> None:
    asked = TrailQuestions("trail", [some_key("orders", KEY_ID), *some_keys(199)])

    assert not asked.says_aliases
    assert [row["key"] for row in LogsInsights(asked.refusals).answer(RECORDS)] == [KEY_ID]
