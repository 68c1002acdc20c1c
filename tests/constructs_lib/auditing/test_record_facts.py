"""Facts of records, each an expression of SQL that is asked of samples."""

from typing import Any

import pytest

from constructs_lib.auditing.record_facts import ARNS, ONE_EVENT, PRINCIPAL, SESSION, USES_OF_KEYS, VIA_SERVICE
from constructs_lib.auditing.saved_query import SavedQuery
from tests.support.trail_records import QUALIFIED, Event, Records, derived, sample

KEY = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER_KEY = "arn:aws:kms:us-west-2:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321"


@pytest.fixture(scope="module")
def records() -> Records:
    return Records()


def fact(records: Records, expression: str, event: Event) -> Any:
    sql = f"SELECT {expression} AS fact FROM {QUALIFIED}"  # noqa: S608  # an expression of ours
    records.hold([event])
    ((found,),) = (
        row.values()
        for row in records.ask(SavedQuery(name="fact", question="", asks_for=(), columns=("fact",), sql=sql))
    )
    return found


@pytest.mark.parametrize(
    ("event", "principal"),
    [
        (sample("Decrypt"), "arn:aws:iam::111122223333:user/Alice"),
        (sample("questions/Decrypt-by-s3"), "arn:aws:iam::111122223333:role/Admins"),
        (sample("questions/Decrypt-by-secrets-manager"), "arn:aws:sts::111122223333:assumed-role/Admin/user01"),
        (sample("questions/DeleteSecret"), "arn:aws:iam::123456789012:root"),
        (sample("questions/AssumeRole-in-the-roles-account"), "777788889999/AIDAQRSTUVWXYZEXAMPLE"),
        (sample("questions/DeleteKey"), "AWS Internal"),
        ({**sample("Decrypt"), "userIdentity": {"accountId": "111122223333"}}, "111122223333"),
        ({**sample("Decrypt"), "userIdentity": None}, None),
    ],
    ids=str,
)
def test_whoever_called_is_named_as_well_as_the_record_can(
    records: Records, event: Event, principal: str | None
) -> None:
    assert fact(records, PRINCIPAL, event) == principal


def test_only_a_role_has_sessions(records: Records) -> None:
    assert fact(records, SESSION, sample("questions/Decrypt-by-ec2")) == "i-81e2f56c"
    assert fact(records, SESSION, sample("Decrypt")) is None


@pytest.mark.parametrize(
    ("changes", "service"),
    [
        ({}, None),
        ({"userIdentity": {"invokedBy": "s3.amazonaws.com"}}, "s3.amazonaws.com"),
        ({"sourceIPAddress": "rds.amazonaws.com"}, "rds.amazonaws.com"),
        ({"sourceIPAddress": "AWS Internal"}, None),
        ({"sourceIPAddress": "2001:db8::1"}, None),
    ],
)
def test_a_call_through_a_service_says_which(records: Records, changes: Event, service: str | None) -> None:
    assert fact(records, VIA_SERVICE, derived(sample("Decrypt"), changes)) == service


def test_records_of_one_call_have_one_id(records: Records) -> None:
    both = [sample(f"questions/AssumeRole-in-the-{whose}-account") for whose in ("callers", "roles")]

    assert {fact(records, ONE_EVENT, each) for each in both} == {"bEXAMPLE-efea-4a70-b951-19a88EXAMPLE"}
    assert fact(records, ONE_EVENT, sample("Decrypt")) == sample("Decrypt")["eventID"]


def test_the_arns_are_those_of_every_key_in_order(records: Records) -> None:
    assert fact(records, ARNS, sample("questions/ReEncrypt")) == [KEY, OTHER_KEY]
    assert fact(records, ARNS, sample("questions/GenerateDataKey")) == [KEY]  # of a record before 2020, without types
    assert fact(records, ARNS, derived(sample("Decrypt"), {"resources": None})) is None


@pytest.mark.parametrize(("operation", "used"), [("Decrypt", True), ("ReEncrypt", True), ("DescribeKey", False)])
def test_only_cryptographic_operations_use_a_key(records: Records, operation: str, *, used: bool) -> None:
    event = derived(sample("Decrypt"), {"eventName": operation})

    assert fact(records, f"eventname IN ({USES_OF_KEYS})", event) is used
