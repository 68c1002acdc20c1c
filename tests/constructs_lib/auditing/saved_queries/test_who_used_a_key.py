import pytest

from constructs_lib.auditing.saved_queries.who_used_a_key import who_used_a_key
from tests.support.trail_records import QUALIFIED, Event, Records, derived, sample

QUERY = who_used_a_key(QUALIFIED)
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER_KEY_ID = "0987dcba-09fe-87dc-65ba-ab0987654321"
ALICE = "arn:aws:iam::111122223333:user/Alice"
IN_REGION = {"awsRegion": "us-west-2"}  # some samples name another Region than the ARN of their key


@pytest.fixture(scope="module")
def records() -> Records:
    return Records()


def answer(records: Records, *events: Event, key_id: str = KEY_ID) -> list[tuple[object, ...]]:
    records.hold(events)
    rows = records.ask(QUERY, "111122223333", "us-west-2", key_id, "2014/01/01", "2026/11/22")
    assert all(tuple(row) == QUERY.columns for row in rows)
    return [tuple(row.values()) for row in rows]


def test_users_are_counted_by_operation_and_by_the_service_through_which_they_came(records: Records) -> None:
    decrypt = sample("Decrypt")
    events = [
        decrypt,
        derived(decrypt, {"eventTime": "2020-08-01T00:00:00Z", "eventID": "later"}),
        derived(sample("questions/Encrypt"), IN_REGION),
        sample("questions/GenerateDataKey-by-s3"),
        sample("questions/Decrypt-by-s3"),
    ]

    assert answer(records, *events) == [
        (ALICE, "Decrypt", None, 2, "2020-07-27T22:58:24Z", "2020-08-01T00:00:00Z"),
        (ALICE, "Encrypt", None, 1, "2025-05-20T20:46:16Z", "2025-05-20T20:46:16Z"),
        (
            "arn:aws:iam::111122223333:role/Admins",
            "Decrypt",
            "internal.amazonaws.com",
            1,
            "2015-09-10T23:58:39Z",
            "2015-09-10T23:58:39Z",
        ),
        (
            "arn:aws:iam::111122223333:role/Admins",
            "GenerateDataKey",
            "internal.amazonaws.com",
            1,
            "2015-09-10T23:58:18Z",
            "2015-09-10T23:58:18Z",
        ),
    ]
