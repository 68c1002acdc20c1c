import re
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from tests.support.trail_scene import Change, TrailScene, conditioned, unchanged

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.deploy


def test_a_call_of_kms_is_in_a_log_file_and_in_the_log_group(scene: TrailScene) -> None:
    scene.make_bucket()
    scene.make_trail(KmsKeyId=scene.make_key(), **scene.make_log_group())
    kms = scene.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext={"tenant": "a"})

    status = scene.status()

    assert "LatestDeliveryError" not in status
    assert status["LatestDeliveryTime"] >= status["StartLoggingTime"]
    assert status["LatestCloudWatchLogsDeliveryTime"] >= status["StartLoggingTime"]
    files = scene.files()
    records = [record for each in files.values() for record in each]
    folder = rf"kept/AWSLogs/{scene.aws.account}/CloudTrail/{scene.aws.region}/\d{{4}}/\d\d/\d\d/"
    file = rf"{scene.aws.account}_CloudTrail_{scene.aws.region}_\d{{8}}T\d{{4}}Z_[A-Za-z0-9]{{16}}\.json\.gz"
    assert all(re.fullmatch(folder + file, name) for name in files)
    (record,) = [each for each in records if each["eventName"] == "GenerateDataKey"]
    assert record in scene.log_events()
    assert record["requestParameters"] == {
        "keyId": key,
        "keySpec": "AES_256",
        "encryptionContext": {"tenant": "a"},
    }
    assert record["resources"] == [{"ARN": key, "accountId": scene.aws.account, "type": "AWS::KMS::Key"}]
    (made,) = [each for each in records if each["eventName"] == "CreateKey"]
    assert made["responseElements"]["keyMetadata"]["arn"] == key
    head = scene.client("s3").head_object(Bucket=scene.bucket, Key=next(iter(files)))
    assert (head["ServerSideEncryption"], head["ContentEncoding"]) == ("aws:kms", "gzip")


def _bucket_that_refuses(scene: TrailScene) -> None:
    scene.set_bucket_policy(conditioned("Writes", "aws:SourceArn", f"{scene.arn}-of-another-name"))


def _bucket_without_the_acl(scene: TrailScene) -> None:
    scene.set_bucket_policy(conditioned("Writes", "s3:x-amz-acl", "private"))


def _key_for_another_trail(scene: TrailScene) -> None:
    _put_key_policy(scene, conditioned("Encrypts", "aws:SourceArn", f"{scene.arn}-of-another-name"))


def _key_in_another_context(scene: TrailScene) -> None:
    elsewhere = "arn:aws:cloudtrail:*:444455556666:trail/*"
    _put_key_policy(scene, conditioned("Encrypts", "kms:EncryptionContext:aws:cloudtrail:arn", elsewhere))


def _disabled_key(scene: TrailScene) -> None:
    trail = scene.client("cloudtrail").get_trail(Name=scene.name)["Trail"]
    scene.client("kms").disable_key(KeyId=trail["KmsKeyId"])


def _put_key_policy(scene: TrailScene, change: Change) -> None:
    trail = scene.client("cloudtrail").get_trail(Name=scene.name)["Trail"]
    scene.client("kms").put_key_policy(KeyId=trail["KmsKeyId"], PolicyName="default", Policy=scene.key_policy(change))


def test_refuses_to_write_where_bucket_or_key_no_longer_admit_the_trail(scene: TrailScene) -> None:
    scene.make_bucket()
    scene.make_trail(KmsKeyId=scene.make_key())
    changes: list[Callable[[TrailScene], None]] = [
        *(_bucket_that_refuses, _bucket_without_the_acl, _key_for_another_trail, _key_in_another_context),
        _disabled_key,
    ]
    for change in changes:
        scene.set_bucket_policy()
        change(scene)
        scene.client("kms").list_keys()
        assert scene.status()["LatestDeliveryError"] == "AccessDenied", change.__name__
        _put_key_policy(scene, unchanged)

    scene.set_bucket_policy()
    scene.client("kms").enable_key(KeyId=scene.client("cloudtrail").get_trail(Name=scene.name)["Trail"]["KmsKeyId"])
    assert "LatestDeliveryError" not in scene.status()


def test_refuses_log_events_by_a_role_that_lost_its_permission(scene: TrailScene) -> None:
    scene.make_bucket()
    scene.make_trail(**scene.make_log_group())
    scene.status()
    scene.client("iam").delete_role_policy(RoleName=f"logs-of-{scene.name}", PolicyName="writes")
    scene.client("kms").list_keys()

    status = scene.status()

    assert "not authorized to perform: logs:CreateLogStream" in status["LatestCloudWatchLogsDeliveryError"]
    assert "LatestDeliveryError" not in status


def test_data_events_are_delivered_where_a_selector_asks_for_them(scene: TrailScene) -> None:
    scene.make_bucket()
    s3, other = scene.client("s3"), f"data-of-{scene.name}"
    s3.create_bucket(Bucket=other, CreateBucketConfiguration={"LocationConstraint": scene.aws.region})
    scene.make_trail()
    s3.put_object(Bucket=other, Key="asked/before", Body=b"")
    fields = [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        {"Field": "resources.ARN", "StartsWith": [f"arn:aws:s3:::{other}/asked/"]},
        {"Field": "readOnly", "Equals": ["false"]},
    ]
    selectors = [{"FieldSelectors": fields}, {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}]
    scene.client("cloudtrail").put_event_selectors(TrailName=scene.name, AdvancedEventSelectors=selectors)
    s3.put_object(Bucket=other, Key="asked/after", Body=b"")
    s3.get_object(Bucket=other, Key="asked/after")
    s3.put_object(Bucket=other, Key="elsewhere", Body=b"")

    records = scene.records()

    of_data = [each for each in records if each["eventCategory"] == "Data"]
    assert [(each["eventName"], each["requestParameters"]["key"]) for each in of_data] == [("PutObject", "asked/after")]
    assert not of_data[0]["managementEvent"]
    assert "PutEventSelectors" in {each["eventName"] for each in records}


def test_calls_of_other_regions_and_of_global_services_are_in_the_files_of_a_trail_of_every_region(
    scene: TrailScene,
) -> None:
    scene.make_bucket()
    scene.make_trail(IsMultiRegionTrail=True)
    scene.client("kms", "us-west-2").list_keys()
    with pytest.raises(ClientError, match="NoSuchEntity"):
        scene.client("iam").delete_role(RoleName="nobody")

    found = {(name.split("/")[4], each["eventName"]) for name, all_ in scene.files().items() for each in all_}

    assert {("us-west-2", "ListKeys"), ("us-east-1", "DeleteRole")} <= found


def test_a_trail_that_does_not_log_delivers_nothing(scene: TrailScene) -> None:
    scene.make_bucket()
    scene.make_trail()
    scene.client("cloudtrail").stop_logging(Name=scene.name)
    before = len(scene.records())
    scene.client("kms").list_aliases()

    assert len(scene.records()) == before


def test_a_trail_of_another_region_hears_nothing_of_this_one(scene: TrailScene) -> None:
    scene.make_bucket()
    scene.make_trail()
    scene.client("kms", "us-west-2").list_aliases()

    assert "us-west-2" not in {each["awsRegion"] for each in scene.records()}
