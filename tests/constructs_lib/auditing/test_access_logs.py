"""Access logs of the bucket of a trail: where S3 writes them, and for whom."""

import json
import re

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3

from constructs_lib.auditing.access_logs import check_access_logs, log_access, own_access_logs
from constructs_lib.errors import ConfigurationError
from tests.support.announcements import announcements
from tests.support.bucket_judge import lets_service, lets_whoever_may_everything
from tests.support.synthesised import Json, app_of, resources, template_of, written

LOGGING = "logging.s3.amazonaws.com"


@pytest.fixture
def stack(tmp_path_factory: pytest.TempPathFactory) -> cdk.Stack:
    return cdk.Stack(
        cdk.App(outdir=str(tmp_path_factory.mktemp("cdk.out")), builtin_cloud_formation_validation=False), "Audit"
    )


def policies(template: Json) -> list[Json]:
    return [
        written(each["Properties"]["PolicyDocument"]) for each in resources(template, "AWS::S3::BucketPolicy").values()
    ]


def test_an_own_bucket_is_hardened_and_stays(stack: cdk.Stack) -> None:
    own_access_logs(stack, kept_days=365)

    (bucket,) = resources(template_of(stack), "AWS::S3::Bucket").values()

    assert bucket["DeletionPolicy"] == "RetainExceptOnCreate"
    said = bucket["Properties"]
    (encryption,) = said["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert set(said["PublicAccessBlockConfiguration"].values()) == {True}
    assert said["VersioningConfiguration"] == {"Status": "Enabled"}
    assert said["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    (rule,) = said["LifecycleConfiguration"]["Rules"]
    assert rule["ExpirationInDays"] == 365


def test_nobody_writes_into_an_own_bucket_but_s3(stack: cdk.Stack) -> None:
    log_access(s3.Bucket(stack, "Files", bucket_name="files"), into=own_access_logs(stack, kept_days=365))

    (policy,) = policies(template_of(stack))

    text = re.sub(r"\$\{(Files|AccessLogs)\w+\.Arn\}", lambda found: f"arn:aws:s3:::{found[1]}", json.dumps(policy))
    literal = json.loads(text.replace("${AWS::AccountId}", "111122223333"))
    log = "arn:aws:s3:::AccessLogs/Audit/Files/2026-11-22"
    for action in ("s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"):
        assert not lets_whoever_may_everything(literal, action, log)
    context = {"aws:SourceAccount": "111122223333", "aws:SourceArn": "arn:aws:s3:::Files"}
    assert lets_service(literal, LOGGING, "s3:PutObject", log, context)


def test_s3_delivers_for_the_one_bucket_below_its_path(stack: cdk.Stack) -> None:
    bucket, into = s3.Bucket(stack, "Files", bucket_name="files"), s3.Bucket(stack, "Logs", bucket_name="logs")
    log_access(bucket, into=into)

    template = template_of(stack)

    (logged,) = [
        written(each["Properties"]["LoggingConfiguration"])
        for each in resources(template, "AWS::S3::Bucket").values()
        if "LoggingConfiguration" in each["Properties"]
    ]
    assert logged["LogFilePrefix"] == "Audit/Files/"
    (policy,) = policies(template)
    text = re.sub(r"\$\{(Files|Logs)\w+\.Arn\}", lambda found: f"arn:aws:s3:::{found[1].lower()}", json.dumps(policy))
    literal = json.loads(text.replace("${AWS::AccountId}", "111122223333"))

    def delivers(key: str, *, account: str = "111122223333", of: str = "files", service: str = LOGGING) -> bool:
        context = {"aws:SourceAccount": account, "aws:SourceArn": f"arn:aws:s3:::{of}"}
        return lets_service(literal, service, "s3:PutObject", f"arn:aws:s3:::logs/{key}", context)

    assert delivers("Audit/Files/2026-11-22")
    assert not delivers("other/2026-11-22")
    assert not delivers("Audit/Files/2026-11-22", account="444455556666")
    assert not delivers("Audit/Files/2026-11-22", of="others")
    assert not delivers("Audit/Files/2026-11-22", service="s3.amazonaws.com")


def test_a_bucket_of_another_stack_does_not_wait_for_this_one(stack: cdk.Stack) -> None:
    other = cdk.Stack(app_of(stack), "Other")
    log_access(s3.Bucket(stack, "Files"), into=s3.Bucket(other, "Logs"))

    (policy,) = policies(template_of(other))

    (statement,) = policy["Statement"]
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "${AWS::AccountId}"}}
    assert other.dependencies == []


def test_the_owner_of_a_bucket_elsewhere_is_told(stack: cdk.Stack) -> None:
    log_access(s3.Bucket(stack, "Files"), into=s3.Bucket.from_bucket_name(stack, "Logs", "logs"))

    (warning,) = announcements(app_of(stack).synth().directory, "Audit", "warning")

    assert "its owner must allow logging.s3.amazonaws.com s3:PutObject below 'Audit/Files/'" in warning


def test_a_bucket_that_takes_access_logs_is_taken(stack: cdk.Stack) -> None:
    check_access_logs(stack, s3.Bucket(stack, "Logs", encryption=s3.BucketEncryption.S3_MANAGED))
    check_access_logs(stack, s3.Bucket.from_bucket_name(stack, "Far", "far"))

    assert stack.node.find_child("Logs") is not None  # none of both was refused


def test_refuses_a_bucket_that_locks_what_is_written(stack: cdk.Stack) -> None:
    locking = s3.Bucket(
        stack, "Logs", object_lock_default_retention=s3.ObjectLockRetention.governance(cdk.Duration.days(1))
    )

    with pytest.raises(ConfigurationError, match=r"^access_logs must have no default retention of Object Lock, with w"):
        check_access_logs(stack, locking)
