import pytest

from constructs_lib.auditing.saved_queries.what_a_principal_did import what_a_principal_did
from tests.support.trail_records import QUALIFIED, Event, Records, derived, sample

QUERY = what_a_principal_did(QUALIFIED)
ALICE = "arn:aws:iam::111122223333:user/Alice"
ADMINS = "arn:aws:iam::111122223333:role/Admins"
SESSION = "arn:aws:sts::111122223333:assumed-role/Admins/example-user"
KEY = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER_KEY = "arn:aws:kms:us-west-2:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321"


@pytest.fixture(scope="module")
def records() -> Records:
    return Records()


def answer(records: Records, *events: Event, principal: str = ALICE) -> list[tuple[object, ...]]:
    records.hold(events)
    rows = records.ask(QUERY, "111122223333", principal, "2014/01/01", "2026/11/22")
    assert all(tuple(row) == QUERY.columns for row in rows)
    return [tuple(row.values()) for row in rows]


def test_every_call_is_shown_once_in_the_order_of_time(records: Records) -> None:
    refused = derived(sample("Decrypt"), {"errorCode": "AccessDenied", "resources": None, "eventID": "refused"})
    events = [sample("PutKeyPolicy"), sample("questions/ReEncrypt"), sample("PutKeyPolicy"), refused]

    assert answer(records, *events) == [
        (
            "2020-07-27T22:58:24Z",
            "us-west-2",
            "kms.amazonaws.com",
            "Decrypt",
            None,
            None,
            None,
            "192.0.2.0",
            "AccessDenied",
            "refused",
        ),
        (
            "2020-07-27T23:09:13Z",
            "us-west-2",
            "kms.amazonaws.com",
            "ReEncrypt",
            f"{KEY}, {OTHER_KEY}",
            None,
            None,
            "192.0.2.0",
            None,
            "542d9e04-0e8d-4e05-bf4b-4bdeb032e6ec",
        ),
        (
            "2022-09-01T20:06:16Z",
            "us-west-2",
            "kms.amazonaws.com",
            "PutKeyPolicy",
            KEY,
            None,
            None,
            "192.0.2.0",
            None,
            "c217db1f-903f-4a2f-8f88-9580182d6313",
        ),
    ]


@pytest.mark.parametrize("principal", [ADMINS, SESSION])
def test_a_role_is_asked_about_as_a_whole_or_by_one_of_its_sessions(records: Records, principal: str) -> None:
    ((_, region, _, operation, _, via, session, source, *_),) = answer(
        records, sample("questions/Decrypt-by-s3"), sample("Decrypt"), principal=principal
    )

    assert (region, operation, via, session, source) == (
        "us-west-2",
        "Decrypt",
        "internal.amazonaws.com",
        "example-user",
        "internal.amazonaws.com",
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"recipientAccountId": "777788889999"},
        {"eventTime": "2013-12-31T00:00:00Z"},
        {"eventTime": "2026-11-23T00:00:00Z"},
        {"userIdentity": {"arn": f"{ALICE}2"}},
        {"userIdentity": None},
    ],
    ids=str,
)
def test_what_others_did_is_left_out(records: Records, changes: dict[str, object]) -> None:
    assert answer(records, {**sample("Decrypt"), **derived(sample("Decrypt"), changes)}) == []
