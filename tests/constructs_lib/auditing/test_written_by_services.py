"""Buckets into which only AWS services write: what whoever may everything still cannot do there, and what he can."""

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from constructs_lib.actions import DELIVER_OBJECTS
from constructs_lib.auditing.written_by_services import let_only_services_write
from tests.support.bucket_judge import lets_service, lets_whoever_may_everything
from tests.support.synthesised import Json, resources, template_of, written

BUCKET = "arn:aws:s3:::logs"
FILE = f"{BUCKET}/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/22/x.json.gz"
CLOUDTRAIL = "cloudtrail.amazonaws.com"
ROOT = "arn:aws:iam::111122223333:root"


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Json:
    """The policy of a bucket into which CloudTrail may write."""
    out = str(tmp_path_factory.mktemp("cdk.out"))
    stack = cdk.Stack(cdk.App(outdir=out, builtin_cloud_formation_validation=False), "Audit")
    bucket = s3.Bucket(stack, "Logs")
    let_only_services_write(bucket)
    service = iam.ServicePrincipal(CLOUDTRAIL)
    bucket.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[service], actions=list(DELIVER_OBJECTS), resources=[bucket.arn_for_objects("*")]
        )
    )
    (found,) = resources(template_of(stack), "AWS::S3::BucketPolicy").values()
    document: Any = written(found["Properties"]["PolicyDocument"])
    (name,) = {each["Resource"].partition("/")[0] for each in document["Statement"]}
    return dict(json.loads(json.dumps(document).replace(name, BUCKET)))


def test_it_is_one_denial(policy: Json) -> None:
    assert policy["Statement"][0] == {
        "Sid": "OnlyServicesWrite",
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "NotAction": ["s3:Get*", "s3:InitiateReplication", "s3:List*"],
        "Resource": f"{BUCKET}/*",
        "Condition": {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}},
    }


@pytest.mark.parametrize(
    "action",
    [
        *("PutObject", "DeleteObject", "DeleteObjectVersion", "AbortMultipartUpload", "RestoreObject"),
        *("PutObjectRetention", "PutObjectLegalHold", "BypassGovernanceRetention", "PutObjectAcl"),
        *("PutObjectTagging", "DeleteObjectVersionTagging", "ReplicateObject", "ReplicateDelete"),
        *("UpdateObjectEncryption", "SomethingThatS3WillHave"),
    ],
)
@pytest.mark.parametrize("by", [ROOT, "arn:aws:sts::111122223333:assumed-role/Administrator/somebody"])
def test_refuses_whoever_may_everything_to_write_or_delete(policy: Json, action: str, by: str) -> None:
    assert not lets_whoever_may_everything(policy, f"s3:{action}", FILE, by=by)
    assert lets_whoever_may_everything({**policy, "Statement": policy["Statement"][1:]}, f"s3:{action}", FILE, by=by)


@pytest.mark.parametrize("action", ["GetObject", "GetObjectVersion", "GetObjectAttributes", "ListMultipartUploadParts"])
def test_reading_is_left_to_iam(policy: Json, action: str) -> None:
    assert lets_whoever_may_everything(policy, f"s3:{action}", FILE)


@pytest.mark.parametrize(
    "action",
    [
        *("ListBucket", "PutBucketPolicy", "DeleteBucketPolicy", "PutLifecycleConfiguration", "PutBucketVersioning"),
        *("PutEncryptionConfiguration", "PutBucketObjectLockConfiguration", "PutReplicationConfiguration"),
    ],
)
def test_whoever_deploys_can_change_the_bucket_and_lift_it(policy: Json, action: str) -> None:
    assert lets_whoever_may_everything(policy, f"s3:{action}", BUCKET)


def test_a_service_writes_that_the_policy_allows_it(policy: Json) -> None:
    assert lets_service(policy, CLOUDTRAIL, "s3:PutObject", FILE, {})
    assert not lets_service(policy, CLOUDTRAIL, "s3:DeleteObject", FILE, {})
    assert not lets_service(policy, "s3.amazonaws.com", "s3:PutObject", FILE, {})
    assert not lets_service(policy, CLOUDTRAIL, "s3:PutObject", FILE, {"aws:PrincipalIsAWSService": "false"})
