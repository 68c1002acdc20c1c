import pytest

from constructs_lib.auditing.saved_queries.changes_to_keys import changes_to_keys
from tests.support.trail_records import QUALIFIED, Event, Records, derived, sample

QUERY = changes_to_keys(QUALIFIED)
ALICE = "arn:aws:iam::111122223333:user/Alice"
KEY = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
FIRST_POLICY = sample("questions/CreateKey")["requestParameters"]["policy"]
SECOND_POLICY = sample("PutKeyPolicy")["requestParameters"]["policy"]
GRANT = sample("questions/RevokeGrant")["requestParameters"]["grantId"]


@pytest.fixture(scope="module")
def records() -> Records:
    return Records()


def answer(records: Records, *events: Event, since: str = "2014/01/01") -> list[dict[str, object]]:
    records.hold(events)
    rows = records.ask(QUERY, since, "2026/11/22")
    assert all(tuple(row) == QUERY.columns for row in rows)
    return rows


def said(rows: list[dict[str, object]], *columns: str) -> list[tuple[object, ...]]:
    return [tuple(row[column] for column in columns) for row in rows]


def test_a_policy_is_shown_with_the_one_that_it_replaced(records: Records) -> None:
    again = derived(
        sample("PutKeyPolicy"),
        {"eventTime": "2022-09-02T00:00:00Z", "eventID": "again", "requestParameters": {"policy": "{}"}},
    )

    rows = answer(
        records, again, sample("PutKeyPolicy"), sample("questions/RevokeGrant"), sample("questions/CreateKey")
    )

    assert said(rows, "changed_at", "change", "policy_before", "policy_after") == [
        ("2020-06-30T02:34:07Z", "CreateKey", None, FIRST_POLICY),
        ("2022-09-01T19:35:17Z", "RevokeGrant", None, None),
        ("2022-09-01T20:06:16Z", "PutKeyPolicy", FIRST_POLICY, SECOND_POLICY),
        ("2022-09-02T00:00:00Z", "PutKeyPolicy", SECOND_POLICY, "{}"),
    ]
    assert said(rows, "principal", "session", "source_ip", "key_arn") == [(ALICE, None, "192.0.2.0", KEY)] * 4


def test_policies_of_different_keys_do_not_follow_one_another(records: Records) -> None:
    other = derived(
        sample("PutKeyPolicy"), {"eventID": "other", "resources": [{"ARN": f"{KEY}-other"}], "eventTime": "2022-09-03"}
    )

    rows = answer(records, sample("PutKeyPolicy"), other)

    assert said(rows, "policy_before") == [(None,), (None,)]


def test_what_stood_before_the_days_asked_for_is_not_known(records: Records) -> None:
    rows = answer(records, sample("PutKeyPolicy"), sample("questions/CreateKey"), since="2022/01/01")

    assert said(rows, "change", "policy_before") == [("PutKeyPolicy", None)]


def test_a_grant_is_shown_with_grantee_and_operations_also_where_it_is_taken_back(records: Records) -> None:
    created = derived(
        sample("CreateGrant"), {"responseElements": {"grantId": GRANT}, "eventTime": "2022-01-01T00:00:00Z"}
    )
    events = [created, sample("questions/RevokeGrant"), sample("questions/RetireGrant")]

    rows = answer(records, *events)

    assert said(rows, "change", "grant_id", "grantee", "operations") == [
        ("CreateGrant", GRANT, "EX_PRINCIPAL_ID", "Encrypt, RetireGrant"),
        ("RevokeGrant", GRANT, "EX_PRINCIPAL_ID", "Encrypt, RetireGrant"),
        ("RetireGrant", GRANT, "EX_PRINCIPAL_ID", "Encrypt, RetireGrant"),
    ]


def test_a_grant_that_a_service_made_and_one_whose_creation_nobody_saw(records: Records) -> None:
    rows = answer(records, sample("questions/CreateGrant-by-ec2"), sample("questions/RevokeGrant"))

    assert said(rows, "change", "grantee", "operations") == [
        ("CreateGrant", "123456789012:aws:ec2-infrastructure:i-81e2f56c", None),
        ("RevokeGrant", None, None),
    ]


def test_of_two_records_of_one_call_the_one_with_the_callers_arn_is_shown(records: Records) -> None:
    caller = sample("questions/AssumeRole-in-the-callers-account")["userIdentity"]
    seen_by_owner = sample("questions/AssumeRole-in-the-roles-account")["userIdentity"]
    grant = {**sample("CreateGrant"), "sharedEventID": "shared"}
    in_caller = {**grant, "userIdentity": caller, "eventID": "theirs", "recipientAccountId": "777788889999"}
    in_owner = {**grant, "userIdentity": seen_by_owner, "eventID": "ours"}

    assert said(answer(records, in_owner, in_caller), "principal") == [("arn:aws:iam::777788889999:user/JohnDoe",)]


def test_the_session_of_a_role_is_named(records: Records) -> None:
    by_role = {**sample("PutKeyPolicy"), "userIdentity": sample("questions/Decrypt-by-s3")["userIdentity"]}

    assert said(answer(records, by_role), "principal", "session") == [
        ("arn:aws:iam::111122223333:role/Admins", "example-user")
    ]


@pytest.mark.parametrize(
    "event",
    [
        sample("Decrypt"),
        sample("DisableKey"),
        derived(sample("PutKeyPolicy"), {"errorCode": "MalformedPolicyDocumentException"}),
        derived(sample("PutKeyPolicy"), {"eventTime": "2026-11-23T00:00:00Z"}),
    ],
    ids=lambda event: f"{event['eventName']} {event.get('errorCode')}",
)
def test_what_changed_neither_policy_nor_grant_is_left_out(records: Records, event: Event) -> None:
    assert answer(records, event) == []
