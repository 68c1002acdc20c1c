import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws

pytestmark = pytest.mark.deploy


@pytest.fixture
def last(aws: LocalAws) -> Callable[[str], dict[str, Any]]:
    """Find the newest record of an operation."""

    def find(operation: str) -> dict[str, Any]:
        wanted: Any = [{"AttributeKey": "EventName", "AttributeValue": operation}]
        events = aws.session().client("cloudtrail").lookup_events(LookupAttributes=wanted)["Events"]
        found: dict[str, Any] = json.loads(events[0]["CloudTrailEvent"])
        return found

    return find


def test_a_record_has_what_cloudtrail_documents_of_one(aws: LocalAws, last: Callable[[str], dict[str, Any]]) -> None:
    kms = aws.session().client("kms")
    key = kms.create_key()["KeyMetadata"]
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)

    record = last("ScheduleKeyDeletion")

    assert set(record) == {
        *("eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress"),
        *("userAgent", "requestParameters", "responseElements", "requestID", "eventID", "readOnly", "resources"),
        *("eventType", "managementEvent", "recipientAccountId", "eventCategory", "tlsDetails"),
    }
    identity = record["userIdentity"]
    assert (identity["type"], identity["userName"]) == ("IAMUser", "administrator")
    assert record["requestParameters"] == {"keyId": key["KeyId"], "pendingWindowInDays": 7}
    answered = record["responseElements"]
    assert re.fullmatch(r"\w{3} \d\d, \d{4} \d\d:\d\d:\d\d [AP]M", answered.pop("deletionDate"))
    assert answered == {"keyId": key["Arn"], "keyState": "PendingDeletion", "pendingWindowInDays": 7}
    assert (record["readOnly"], record["eventCategory"]) == (False, "Management")


def test_a_session_of_a_role_says_whose_it_is(
    aws: LocalAws, make_role: Callable[..., str], last: Callable[[str], dict[str, Any]]
) -> None:
    role = make_role(path="/team/")
    with pytest.raises(ClientError):
        aws.session(aws.assume(role)).client("kms").create_alias(AliasName="alias/mine", TargetKeyId="1234")

    record = last("CreateAlias")

    session = record["userIdentity"]["sessionContext"]
    assert session["sessionIssuer"].pop("principalId").startswith("AROA")
    name = role.rpartition("/")[2]
    assert session["sessionIssuer"] == {"type": "Role", "arn": role, "accountId": aws.account, "userName": name}
    assert session["attributes"]["mfaAuthenticated"] == "false"
    assert record["errorCode"] == "AccessDenied"
    assert record["responseElements"] is None


def test_an_alias_is_recorded_beside_its_key(aws: LocalAws, last: Callable[[str], dict[str, Any]]) -> None:
    kms = aws.session().client("kms")
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/beside", TargetKeyId=key["KeyId"])

    assert last("CreateAlias")["resources"] == [
        {
            "ARN": f"arn:aws:kms:{aws.region}:{aws.account}:alias/beside",
            "accountId": aws.account,
            "type": "AWS::KMS::Alias",
        },
        {"ARN": key["Arn"], "accountId": aws.account, "type": "AWS::KMS::Key"},
    ]


def test_names_within_parameters_are_those_of_records_and_encryption_contexts_keep_theirs(
    aws: LocalAws, last: Callable[[str], dict[str, Any]]
) -> None:
    kms = aws.session().client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    constraints: Any = {"EncryptionContextSubset": {"Tenant": "A"}}
    principal = f"arn:aws:iam::{aws.account}:user/administrator"
    kms.create_grant(KeyId=key, GranteePrincipal=principal, Operations=["Decrypt"], Constraints=constraints)

    assert last("CreateGrant")["requestParameters"]["constraints"] == {"encryptionContextSubset": {"Tenant": "A"}}


def test_a_call_on_data_is_no_management_event(aws: LocalAws, last: Callable[[str], dict[str, Any]]) -> None:
    s3: Any = aws.session().client("s3")
    s3.create_bucket(Bucket="on-record", CreateBucketConfiguration={"LocationConstraint": aws.region})
    s3.put_object(Bucket="on-record", Key="a folder/ä", Body=b"")

    made, put = last("CreateBucket"), last("PutObject")

    assert (made["managementEvent"], made["eventCategory"]) == (True, "Management")
    assert (put["managementEvent"], put["eventCategory"]) == (False, "Data")
    assert put["requestParameters"]["key"] == "a folder/ä"
    assert [each["type"] for each in put["resources"]] == ["AWS::S3::Object", "AWS::S3::Bucket"]


def test_a_call_of_a_global_service_is_recorded_where_that_is(
    aws: LocalAws, last: Callable[[str], dict[str, Any]]
) -> None:
    aws.session().client("iam").create_user(UserName="on-record")

    record = last("CreateUser")

    assert (record["awsRegion"], record["requestParameters"]) == ("us-east-1", {"userName": "on-record"})
