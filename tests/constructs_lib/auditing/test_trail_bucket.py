"""TrailBucket: hardened, logged, locked when asked, and written by CloudTrail alone."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from constructs_lib.auditing.log_life import LogLife
from constructs_lib.auditing.object_lock import ObjectLock
from constructs_lib.auditing.trail_bucket import Deliveries, TrailBucket
from tests.support.announcements import announcements
from tests.support.synthesised import Json, app_of, resources, template_of, written

TRAIL = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> cdk.Stack:
    stack = cdk.Stack(
        cdk.App(outdir=str(tmp_path_factory.mktemp("cdk.out")), builtin_cloud_formation_validation=False), "Audit"
    )
    TrailBucket(
        stack,
        "Files",
        encryption_key=kms.Key(stack, "Key"),
        access_logs=None,
        life=LogLife.read(
            kept_for=cdk.Duration.days(90),
            colder_after=None,
            object_lock=ObjectLock.governance(cdk.Duration.days(30)),
        ),
        deliveries=Deliveries(trail_arn=TRAIL, folders=("111122223333",), prefix=""),
    )
    return stack


@pytest.fixture(scope="module")
def template(stack: cdk.Stack) -> Json:
    return template_of(stack)


def test_the_bucket_is_encrypted_versioned_private_and_logged(template: Json) -> None:
    (bucket,) = (each for name, each in resources(template, "AWS::S3::Bucket").items() if "AccessLogs" not in name)

    said = written(bucket["Properties"])
    assert said["BucketEncryption"]["ServerSideEncryptionConfiguration"] == [
        {
            "BucketKeyEnabled": True,
            "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "${Key961B73FD.Arn}"},
        }
    ]
    assert said["VersioningConfiguration"] == {"Status": "Enabled"}
    assert set(said["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(said["PublicAccessBlockConfiguration"]) == 4
    assert said["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert said["LoggingConfiguration"]["DestinationBucketName"].startswith("${FilesAccessLogs")
    assert said["ObjectLockEnabled"] is True
    assert said["ObjectLockConfiguration"] == {
        "ObjectLockEnabled": "Enabled",
        "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 30}},
    }


def test_whoever_locks_log_files_is_told_what_that_leaves(stack: cdk.Stack, template: Json) -> None:
    (told,) = announcements(app_of(stack).outdir, "Audit", "info")

    assert template["Resources"]
    assert "whoever may delete Audit/Key makes them unreadable for good" in told
    assert "s3:PutBucketObjectLockConfiguration takes the lock from files that come later" in told


def test_both_buckets_take_requests_over_tls_alone_and_objects_from_services_alone(template: Json) -> None:
    policies = [each["Properties"]["PolicyDocument"] for each in resources(template, "AWS::S3::BucketPolicy").values()]

    denials = [
        statement["Condition"]
        for policy in policies
        for statement in policy["Statement"]
        if statement["Effect"] == "Deny"
    ]
    by_no_service = {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}
    assert denials == [{"Bool": {"aws:SecureTransport": "false"}}, by_no_service] * 2


def test_cloudtrail_writes_below_the_folders_of_the_trail(template: Json) -> None:
    statements = [
        written(statement)
        for policy in resources(template, "AWS::S3::BucketPolicy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement.get("Sid") == "CloudTrailWritesLogFiles"
    ]

    assert [each["Resource"].partition(".Arn}")[2] for each in statements] == ["/AWSLogs/111122223333/*"]
    assert [each["Condition"]["StringEquals"]["aws:SourceArn"] for each in statements] == [TRAIL]
