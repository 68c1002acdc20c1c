from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy


def _bucket(key: str | None) -> dict[str, Any]:
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rules = [{"ServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]
    encryption = {"BucketEncryption": {"ServerSideEncryptionConfiguration": rules}} if key else {}
    return {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "of-a-template", **encryption}}}


def test_a_buckets_encryption_is_that_of_its_template(
    aws: LocalAws, make_stacks: Callable[..., StackOperation]
) -> None:
    stack, s3 = make_stacks(), aws.session().client("s3")
    created = stack.create(_bucket("arn:aws:kms:eu-central-1:111122223333:key/0"))
    assert created.status == "CREATE_COMPLETE"

    (rule,) = s3.get_bucket_encryption(Bucket="of-a-template")["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": "arn:aws:kms:eu-central-1:111122223333:key/0",
    }
    assert rule["BucketKeyEnabled"] is True

    assert stack.update(created.name, _bucket(None)).status == "UPDATE_COMPLETE"
    (rule,) = s3.get_bucket_encryption(Bucket="of-a-template")["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_a_buckets_objects_are_locked_as_its_template_says(
    aws: LocalAws, make_stacks: Callable[..., StackOperation]
) -> None:
    retention = {"Mode": "COMPLIANCE", "Days": 1}
    lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}
    properties = {"BucketName": "locked", "ObjectLockEnabled": True, "ObjectLockConfiguration": lock}
    stack, s3 = make_stacks(), aws.session().client("s3")
    assert stack.create({"Bucket": {"Type": "AWS::S3::Bucket", "Properties": properties}}).status == "CREATE_COMPLETE"

    version = s3.put_object(Bucket="locked", Key="log", Body=b"")["VersionId"]

    assert s3.get_object_lock_configuration(Bucket="locked")["ObjectLockConfiguration"] == lock
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket="locked", Key="log", VersionId=version)
