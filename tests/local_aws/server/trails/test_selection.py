from typing import Any

import pytest
from ministack.services import cloudtrail

from local_aws.server.trails.selection import is_logged

HOME = "eu-central-1"
TRAIL: dict[str, Any] = {"Name": "selects", "HomeRegion": HOME}
CALL: dict[str, Any] = {
    "recipientAccountId": "111122223333",
    "awsRegion": HOME,
    "eventSource": "kms.amazonaws.com",
    "eventName": "Decrypt",
    "eventCategory": "Management",
    "managementEvent": True,
    "readOnly": True,
    "resources": [],
    "userIdentity": {"arn": "arn:aws:iam::111122223333:user/alice"},
}
OBJECT = {
    **CALL,
    "eventSource": "s3.amazonaws.com",
    "eventName": "PutObject",
    "eventCategory": "Data",
    "managementEvent": False,
    "readOnly": False,
    "resources": [
        {"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::data/a/b.txt"},
        {"type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::data"},
    ],
}
IN_IAM = {**CALL, "eventSource": "iam.amazonaws.com", "awsRegion": "us-east-1"}


def _logs(selector: dict[str, Any], record: dict[str, Any], **trail: Any) -> bool:
    cloudtrail._event_selectors.set_scoped("111122223333", HOME, TRAIL["Name"], [selector])
    return is_logged(record, {**TRAIL, **trail})


@pytest.mark.parametrize(
    ("selector", "record"),
    [
        ({}, CALL),
        ({"ReadWriteType": "ReadOnly"}, CALL),
        ({"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::data/"]}]}, OBJECT),
        ({"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}, OBJECT),
    ],
)
def test_a_selector_takes_what_it_describes(selector: dict[str, Any], record: dict[str, Any]) -> None:
    assert _logs(selector, record)


@pytest.mark.parametrize(
    ("selector", "record"),
    [
        ({"ReadWriteType": "WriteOnly"}, CALL),
        ({"IncludeManagementEvents": False}, CALL),
        ({"ExcludeManagementEventSources": ["kms.amazonaws.com"]}, CALL),
        ({}, OBJECT),
        ({"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::other/"]}]}, OBJECT),
        ({"DataResources": [{"Type": "AWS::Lambda::Function", "Values": ["arn:aws:s3"]}]}, OBJECT),
    ],
)
def test_a_selector_leaves_out_what_it_does_not_describe(selector: dict[str, Any], record: dict[str, Any]) -> None:
    assert not _logs(selector, record)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"Field": "resources.ARN", "Equals": ["arn:aws:s3:::data/a/b.txt"]}, True),
        ({"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::x/", "arn:aws:s3:::data/"]}, True),
        ({"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::data/"], "NotEndsWith": [".txt"]}, False),
        ({"Field": "resources.ARN", "Equals": ["arn:aws:s3:::data"]}, False),
        ({"Field": "eventName", "NotEquals": ["GetObject"]}, True),
        ({"Field": "eventName", "NotStartsWith": ["Put"]}, False),
        ({"Field": "eventName", "EndsWith": ["Object"]}, True),
        ({"Field": "readOnly", "Equals": ["true"]}, False),
        ({"Field": "userIdentity.arn", "EndsWith": ["/alice"]}, True),
        ({"Field": "eventCategory", "Equals": ["Management"]}, False),
    ],
)
def test_a_condition_of_an_advanced_selector_holds_or_not(condition: dict[str, Any], *, expected: bool) -> None:
    assert _logs({"FieldSelectors": [condition]}, OBJECT) is expected


def test_a_trail_hears_of_its_own_region_or_of_every_one() -> None:
    elsewhere = {**CALL, "awsRegion": "us-west-2"}

    assert not _logs({}, elsewhere)
    assert _logs({}, elsewhere, IsMultiRegionTrail=True)


def test_a_trail_hears_of_global_services_unless_it_is_told_otherwise() -> None:
    assert _logs({}, IN_IAM)
    assert not _logs({}, IN_IAM, IncludeGlobalServiceEvents=False)
