import pytest

from constructs_lib.auditing.saved_queries.who_was_refused import who_was_refused
from tests.support.trail_records import QUALIFIED, Event, Records, derived, sample

QUERY = who_was_refused(QUALIFIED)
ALICE = "arn:aws:iam::111122223333:user/Alice"
KEY = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
BY_KEY_POLICY = f"User: {ALICE} is not authorized to perform: kms:Decrypt on resource: {KEY} because no resource-based "
BY_KEY_POLICY += "policy allows the kms:Decrypt action"


@pytest.fixture(scope="module")
def records() -> Records:
    return Records()


def answer(records: Records, *events: Event) -> list[tuple[object, ...]]:
    records.hold(events)
    rows = records.ask(QUERY, "2014/01/01", "2026/11/22")
    assert all(tuple(row) == QUERY.columns for row in rows)
    return [tuple(row.values()) for row in rows]


def refused(**changes: object) -> Event:
    return derived(
        sample("Decrypt"),
        {
            "errorCode": "AccessDenied",
            "errorMessage": BY_KEY_POLICY,
            "requestParameters": None,
            "resources": None,
            **changes,
        },
    )


def test_the_key_is_found_in_the_message_where_the_record_has_it_nowhere_else(records: Records) -> None:
    later = refused(eventTime="2026-11-20T08:00:00Z", eventID="later", errorMessage=f"{BY_KEY_POLICY} again")

    assert answer(records, refused(), later) == [
        (
            ALICE,
            "kms:Decrypt",
            KEY,
            None,
            2,
            "2020-07-27T22:58:24Z",
            "2026-11-20T08:00:00Z",
            f"{BY_KEY_POLICY} again",
        )
    ]


def test_the_permission_that_lacked_may_be_another_than_the_operation(records: Records) -> None:
    message = f"User: {ALICE} is not authorized to perform: kms:ReEncryptFrom on resource: {KEY}"

    ((_, permission, resource, *_),) = answer(records, refused(eventName="ReEncrypt", errorMessage=message))

    assert (permission, resource) == ("kms:ReEncryptFrom", KEY)


def test_a_role_that_came_through_a_service_is_found_in_the_message(records: Records) -> None:
    published = derived(
        sample("failed/Decrypt-AccessDenied-by-config"), {"eventID": "1", "recipientAccountId": "000000000000"}
    )

    ((principal, permission, resource, via, refusals, *_),) = answer(records, published)

    assert principal == (
        "arn:aws:sts::000000000000:assumed-role/aws-controltower-ConfigRecorderRole/LambdaDescribeHandlerSession"
    )
    assert (permission, via, refusals) == ("kms:Decrypt", "config.amazonaws.com", 1)
    assert resource == "arn:aws:kms:ap-northeast-1:000000000000:key/xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"


@pytest.mark.parametrize(
    ("changes", "resource"),
    [
        ({"resources": [{"ARN": KEY}]}, KEY),
        ({"resources": []}, None),
        ({"requestParameters": {"keyId": "alias/orders"}}, "alias/orders"),
        ({"requestParameters": {"keyId": "alias/orders"}, "resources": [{"ARN": KEY}]}, KEY),
    ],
    ids=str,
)
def test_without_a_message_the_record_says_which_key(
    records: Records, changes: dict[str, object], resource: str | None
) -> None:
    ((_, permission, found, *_),) = answer(records, refused(errorMessage=None, **changes))

    assert (permission, found) == ("kms:Decrypt", resource)


def test_secrets_are_asked_about_as_well(records: Records) -> None:
    secret = derived(
        sample("questions/DeleteSecret"),
        {
            "eventName": "GetSecretValue",
            "errorCode": "AccessDeniedException",
            "requestParameters": {"secretId": "MyDatabaseSecret", "recoveryWindowInDays": None},
        },
    )

    ((principal, permission, resource, *_),) = answer(records, secret)

    assert (principal, permission, resource) == (
        "arn:aws:iam::123456789012:root",
        "secretsmanager:GetSecretValue",
        "MyDatabaseSecret",
    )


def test_a_refusal_in_the_records_of_two_accounts_counts_once(records: Records) -> None:
    both = [
        refused(sharedEventID="shared", eventID="theirs", recipientAccountId="777788889999"),
        refused(sharedEventID="shared", eventID="ours"),
    ]

    ((*_, refusals, _, _, _),) = answer(records, *both)

    assert refusals == 1


@pytest.mark.parametrize(
    "event",
    [
        sample("failed/Decrypt-IncorrectKeyException"),
        sample("failed/Decrypt-KMSInvalidStateException"),
        sample("failed/LeaveOrganization-AccessDenied"),
        sample("Decrypt"),
        refused(eventTime="2013-12-31T00:00:00Z"),
        refused(eventTime="2026-11-23T00:00:00Z"),
    ],
    ids=lambda event: f"{event['eventName']} {event.get('errorCode')} {event['eventTime'][:10]}",
)
def test_what_was_not_refused_in_these_days_by_these_services_is_left_out(records: Records, event: Event) -> None:
    assert answer(records, event) == []
