import pytest

from constructs_lib.auditing.saved_queries.who_used_a_key import who_used_a_key
from tests.support.trail_records import QUALIFIED, Event, Records, derived, sample

QUERY = who_used_a_key(QUALIFIED)
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER_KEY_ID = "0987dcba-09fe-87dc-65ba-ab0987654321"
ALICE = "arn:aws:iam::111122223333:user/Alice"
ADMINS = "arn:aws:iam::111122223333:role/Admins"
S3 = "internal.amazonaws.com"
NOBODY = dict.fromkeys(("arn", "principalId", "accountId", "accessKeyId", "userName"))
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
        (ADMINS, "Decrypt", S3, 1, "2015-09-10T23:58:39Z", "2015-09-10T23:58:39Z"),
        (ADMINS, "GenerateDataKey", S3, 1, "2015-09-10T23:58:18Z", "2015-09-10T23:58:18Z"),
        (ALICE, "Encrypt", None, 1, "2025-05-20T20:46:16Z", "2025-05-20T20:46:16Z"),
    ]


def test_re_encryption_says_which_of_both_keys_this_one_was(records: Records) -> None:
    when = ("2020-07-27T23:09:13Z", "2020-07-27T23:09:13Z")

    assert answer(records, sample("questions/ReEncrypt")) == [(ALICE, "ReEncrypt from", None, 1, *when)]
    assert answer(records, sample("questions/ReEncrypt"), key_id=OTHER_KEY_ID) == [
        (ALICE, "ReEncrypt to", None, 1, *when)
    ]


def test_a_service_that_calls_for_itself_is_its_own_principal(records: Records) -> None:
    by_service = derived(
        sample("Decrypt"),
        {
            "userIdentity": {"type": "AWSService", "invokedBy": "logs.amazonaws.com", **NOBODY},
            "sourceIPAddress": "logs.amazonaws.com",
        },
    )

    ((principal, _, via, *_),) = answer(records, by_service)

    assert (principal, via) == ("logs.amazonaws.com", "logs.amazonaws.com")


def test_a_service_is_also_known_by_the_address_that_it_calls_from(records: Records) -> None:
    from_service = derived(sample("Decrypt"), {"sourceIPAddress": "rds.amazonaws.com"})

    ((principal, _, via, *_),) = answer(records, from_service)

    assert (principal, via) == (ALICE, "rds.amazonaws.com")


def test_a_caller_of_another_account_is_known_by_account_and_unique_id(records: Records) -> None:
    identity = sample("questions/AssumeRole-in-the-roles-account")["userIdentity"]
    in_the_keys_account = {**sample("Decrypt"), "userIdentity": identity, "sharedEventID": "shared"}

    ((principal, *_),) = answer(records, in_the_keys_account)

    assert principal == "777788889999/AIDAQRSTUVWXYZEXAMPLE"


def test_a_record_that_is_delivered_twice_counts_once(records: Records) -> None:
    ((*_, requests, _, _),) = answer(records, sample("Decrypt"), sample("Decrypt"))

    assert requests == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"recipientAccountId": "777788889999"},
        {"awsRegion": "us-east-1"},
        {"eventTime": "2013-12-31T00:00:00Z"},
        {"eventTime": "2026-11-23T00:00:00Z"},
        {"eventSource": "s3.amazonaws.com"},
        {"eventName": "DescribeKey"},
        {"errorCode": "IncorrectKeyException"},
        {"resources": None},
        {"resources": [{"ARN": f"arn:aws:kms:us-west-2:111122223333:key/{OTHER_KEY_ID}"}]},
    ],
    ids=str,
)
def test_what_is_not_a_use_of_this_key_in_these_days_is_left_out(records: Records, changes: dict[str, object]) -> None:
    assert answer(records, derived(sample("Decrypt"), changes)) == []
