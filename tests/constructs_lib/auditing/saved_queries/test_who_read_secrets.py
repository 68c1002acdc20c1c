import pytest

from constructs_lib.auditing.saved_queries.who_read_secrets import who_read_secrets
from tests.support.trail_records import QUALIFIED, Event, Records, derived, sample

QUERY = who_read_secrets(QUALIFIED)
ROOT = "arn:aws:iam::123456789012:root"
ARN = sample("questions/DeleteSecret")["responseElements"]["aRN"]
WHEN = "2018-04-03T17:51:02Z"


@pytest.fixture(scope="module")
def records() -> Records:
    return Records()


def answer(records: Records, *events: Event) -> list[tuple[object, ...]]:
    records.hold(events)
    rows = records.ask(QUERY, "2014/01/01", "2026/11/22")
    assert all(tuple(row) == QUERY.columns for row in rows)
    return [tuple(row.values()) for row in rows]


def read(secret: str, **changes: object) -> Event:
    """A read as it is recorded: AWS's page shows the deletion of a secret, whose request names it in the same way."""
    parameters = {"secretId": secret, "recoveryWindowInDays": None}
    return derived(
        sample("questions/DeleteSecret"),
        {"eventName": "GetSecretValue", "responseElements": None, "requestParameters": parameters, **changes},
    )


def test_a_secret_is_one_by_name_by_arn_and_by_a_part_of_its_arn(records: Records) -> None:
    reads = [
        read("MyDatabaseSecret", eventID="1"),
        read(ARN, eventID="2"),
        read(ARN.removesuffix("-a1b2c3"), eventID="3"),
        read("orders/MyDatabaseSecret", eventID="4", eventTime="2018-04-04T00:00:00Z"),
    ]

    assert answer(records, *reads) == [
        ("123456789012", "us-east-2", "MyDatabaseSecret", ROOT, None, 3, WHEN, WHEN),
        (
            "123456789012",
            "us-east-2",
            "orders/MyDatabaseSecret",
            ROOT,
            None,
            1,
            "2018-04-04T00:00:00Z",
            "2018-04-04T00:00:00Z",
        ),
    ]


def test_secrets_of_one_name_in_two_regions_and_accounts_are_several(records: Records) -> None:
    reads = [
        read("a", eventID="1"),
        read("a", eventID="2", awsRegion="eu-west-1"),
        read("a", eventID="3", recipientAccountId="111122223333"),
    ]

    assert [row[:3] for row in answer(records, *reads)] == [
        ("111122223333", "us-east-2", "a"),
        ("123456789012", "eu-west-1", "a"),
        ("123456789012", "us-east-2", "a"),
    ]


def test_readers_through_a_service_are_told_apart(records: Records) -> None:
    reads = [
        read("a", eventID="1"),
        read("a", eventID="2", userIdentity={"invokedBy": "cloudformation.amazonaws.com"}),
        read("a", eventID="3", userIdentity={"invokedBy": "cloudformation.amazonaws.com"}),
    ]

    assert [row[3:6] for row in answer(records, *reads)] == [
        (ROOT, "cloudformation.amazonaws.com", 2),
        (ROOT, None, 1),
    ]


@pytest.mark.parametrize(
    "event",
    [
        sample("questions/DeleteSecret"),
        sample("questions/Decrypt-by-secrets-manager"),
        read("a", errorCode="AccessDeniedException"),
        read("a", eventTime="2026-11-23T00:00:00Z"),
    ],
    ids=lambda event: f"{event['eventName']} {event.get('errorCode')}",
)
def test_what_read_no_secret_in_these_days_is_left_out(records: Records, event: Event) -> None:
    assert answer(records, event) == []
