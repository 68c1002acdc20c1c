from datetime import date
from typing import Any

import pytest

from constructs_lib.auditing.saved_queries.keys_not_used import keys_not_used
from tests.support.trail_records import QUALIFIED, Event, Records, derived, sample

KEY = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
NEVER_SEEN = "arn:aws:kms:us-west-2:111122223333:key/never-seen"
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def records() -> Records:
    return Records()


def answer(records: Records, *events: Event, **changed: Any) -> list[tuple[object, ...]]:
    query = keys_not_used(QUALIFIED, **{"key_arns": [], "unused_days": 90, "seen_days": 365, **changed})
    records.hold(events)
    rows = records.ask(query, today=TODAY)
    assert all(tuple(row) == query.columns for row in rows)
    return [tuple(row.values()) for row in rows]


def used(when: str, **changes: object) -> Event:
    return derived(sample("Decrypt"), {"eventTime": when, **changes})


def test_a_key_is_unused_from_its_ninetieth_day_on(records: Records) -> None:
    assert answer(records, used("2026-08-23T23:59:59Z")) == [(KEY, "2026-08-23T23:59:59Z", "2026-08-23T23:59:59Z")]
    assert answer(records, used("2026-08-24T00:00:00Z")) == []
    assert answer(records, used("2026-08-24T00:00:00Z"), unused_days=30) == [
        (KEY, "2026-08-24T00:00:00Z", "2026-08-24T00:00:00Z")
    ]


def test_a_mention_is_no_use(records: Records) -> None:
    events = [used("2026-01-01T00:00:00Z"), used("2026-11-01T00:00:00Z", eventName="DescribeKey")]

    assert answer(records, *events) == [(KEY, "2026-01-01T00:00:00Z", "2026-11-01T00:00:00Z")]


def test_a_use_that_failed_is_no_use(records: Records) -> None:
    event = used("2026-11-01T00:00:00Z", errorCode="KMSInvalidStateException")

    assert answer(records, event) == [(KEY, None, "2026-11-01T00:00:00Z")]


def test_both_keys_of_a_re_encryption_are_used(records: Records) -> None:
    event = derived(sample("questions/ReEncrypt"), {"eventTime": "2026-11-01T00:00:00Z"})

    assert answer(records, event) == []


def test_keys_that_the_app_names_are_reported_once_and_first_if_nothing_was_seen_of_them(records: Records) -> None:
    rows = answer(records, used("2026-01-01T00:00:00Z"), key_arns=[KEY, NEVER_SEEN, "arn:aws:kms:key/it's"])

    assert rows == [
        ("arn:aws:kms:key/it's", None, None),
        (NEVER_SEEN, None, None),
        (KEY, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
    ]


def test_a_key_that_is_deleted_is_left_out(records: Records) -> None:
    deleted = derived(sample("questions/DeleteKey"), {"eventTime": "2026-10-01T00:00:00Z"})

    assert answer(records, used("2026-01-01T00:00:00Z"), deleted, key_arns=[KEY]) == []


def test_nothing_older_is_looked_at_than_was_said(records: Records) -> None:
    assert answer(records, used("2025-11-21T23:59:59Z")) == []
    assert answer(records, used("2025-11-22T00:00:00Z")) == [(KEY, "2025-11-22T00:00:00Z", "2025-11-22T00:00:00Z")]
    assert answer(records, used("2026-01-01T00:00:00Z"), seen_days=100) == []


def test_aliases_and_what_is_no_key_are_not_reported(records: Records) -> None:
    alias = [{"ARN": "arn:aws:kms:us-west-2:111122223333:alias/orders"}]

    assert answer(records, used("2026-01-01T00:00:00Z", resources=alias)) == []
    assert answer(records, used("2026-01-01T00:00:00Z", eventSource="s3.amazonaws.com")) == []
