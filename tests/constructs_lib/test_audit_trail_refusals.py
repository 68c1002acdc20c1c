"""What an AuditTrail does not take: each refusal names the argument, before the CDK is called."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3

from constructs_lib import ConfigurationError, ExistingKey, SigningKey
from constructs_lib.audit_trail import AuditTrail
from constructs_lib.auditing.object_lock import ObjectLock
from tests.support.synthesised import app_of

HERE = cdk.Environment(account="111122223333", region="eu-west-1")
FAR_KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
Given = Callable[[cdk.Stack], Any]
days = cdk.Duration.days


@pytest.fixture
def stack(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "Audit", env=HERE)


def trail(stack: cdk.Stack, *, construct_id: str = "Trail", **given: Given) -> AuditTrail:
    arguments: dict[str, Any] = {name: value(stack) for name, value in given.items()}
    for name in ("encryption_key", "operations_key"):
        if name not in arguments:
            made = stack.node.try_find_child(name)
            arguments[name] = made if isinstance(made, kms.Key) else kms.Key(stack, name)
    return AuditTrail(stack, construct_id, **{"trail_name": "audit", **arguments})


def imported_bucket(stack: cdk.Stack, **attributes: Any) -> s3.IBucket:
    return s3.Bucket.from_bucket_attributes(stack, "Far", bucket_name="far", **attributes)


REFUSED: list[tuple[str, Given, str]] = [
    ("trail_name", lambda _: "ab", "must be 3 to 128 letters and digits with single '.', '_' or '-' between them, "),
    ("trail_name", lambda _: "my--trail", "and no IP address, got 'my--trail'"),
    ("trail_name", lambda _: "192.168.5.4", "and no IP address, got '192.168.5.4'"),
    ("trail_name", lambda _: cdk.Fn.ref("Name"), "must be literal, since the policies of the key"),
    ("encryption_key", lambda _: "alias/audit", "must be a key, such as EncryptionKey(...)"),
    ("encryption_key", lambda stack: SigningKey(stack, "Sign", alias="sign"), "must be a symmetric encryption key"),
    ("operations_key", lambda stack: SigningKey(stack, "Sign", alias="sign"), "must be a symmetric encryption key"),
    (
        "encryption_key",
        lambda stack: kms.Key.from_key_arn(stack, "Far", FAR_KEY),
        "must be in eu-west-1, the Region of the bucket and of the log group, got Audit/Far in us-east-1",
    ),
    (
        "operations_key",
        lambda stack: ExistingKey.from_arn(stack, "Far", key_arn=FAR_KEY),
        "must be in eu-west-1, the Region of the bucket and of the log group, got Audit/Far in us-east-1",
    ),
    ("access_logs", lambda _: "logs", "must be a bucket, such as s3.Bucket(...)"),
    (
        "access_logs",
        lambda stack: imported_bucket(stack, region="us-east-1"),
        "must be in eu-west-1, the Region of the trail, got Audit/Far in us-east-1",
    ),
    (
        "access_logs",
        lambda stack: imported_bucket(stack, account="444455556666"),
        "must be in 111122223333, the account of the trail, got Audit/Far in 444455556666",
    ),
    (
        "access_logs",
        lambda stack: s3.Bucket(stack, "Logs", encryption_key=kms.Key(stack, "Key")),
        "must be encrypted by S3 (SSE-S3), since S3 delivers no access logs under a key of KMS, got Audit/Logs under",
    ),
    (
        "access_logs",
        lambda stack: s3.Bucket(
            stack, "Logs", object_lock_default_retention=s3.ObjectLockRetention.governance(days(1))
        ),
        "must have no default retention of Object Lock",
    ),
    ("organization_id", lambda _: "111122223333", "must be the id of an organization such as o-a1b2c3d4e5, got"),
    ("organization_id", lambda _: "o-A1B2C3D4E5", "got 'o-A1B2C3D4E5'"),
    ("data_events", lambda _: ["AWS::DynamoDB::Table"], "must be DataEvents.of_objects(...), .of_all_objects(), "),
    (
        "data_events",
        lambda _: ["AWS::SecretsManager::Secret"],
        "of which CloudTrail has no data events: its calls are management events, recorded always",
    ),
    ("data_events", lambda _: "AWS::S3::Object", "must be a sequence of DataEvents, got 'AWS::S3::Object'"),
    ("insights", lambda _: ["ApiCallRateInsight"], "must be Insight.CALL_RATE or Insight.ERROR_RATE, got 'ApiCall"),
    ("readers", lambda _: ["arn:aws:iam::111122223333:role/Auditor"], "must be IAM principals or what has one"),
    ("readers", lambda _: [iam.AnyPrincipal()], "must be roles, users or accounts of AWS by name, got everybody"),
    ("readers", lambda _: [iam.ServicePrincipal("athena.amazonaws.com")], "got a principal of the kind Service"),
    ("readers", lambda stack: [iam.Group(stack, "Auditors")], "which a key policy can name, got a group"),
    ("prefix", lambda _: "/audit", "must be at most 200 characters without a slash at its beginning"),
    ("prefix", lambda _: "audit/*", "must be the name of a prefix of objects"),
    ("prefix", lambda _: 1, "must be a text, got 1"),
    ("kept_for", lambda _: 365, "must be a cdk.Duration, got 365"),
    ("kept_for", lambda _: cdk.Duration.hours(36), "must be 1 to 36500 whole days, got 1 day 12 hours"),
    ("colder_after", lambda _: days(2557), "must be sooner than kept_for, 2557 days, or None for never, got 2557 days"),
    ("object_lock", lambda _: days(30), "must be ObjectLock.governance(...), ObjectLock.compliance(...) or None"),
    ("log_group_retention", lambda _: 30, "must be a member of RetentionDays, got 30"),
    ("log_group_retention", lambda _: days(30), "must be a member of RetentionDays, got 30 days"),
    (
        "encryption_key",
        lambda stack: ExistingKey.from_alias(stack, "Managed", alias="aws/s3"),
        "must be a key of yours, whose policy can let CloudTrail and CloudWatch Logs use it",
    ),
]


@pytest.mark.parametrize(("argument", "given", "said"), REFUSED, ids=lambda each: each if isinstance(each, str) else "")
def test_refuses_what_does_not_work(stack: cdk.Stack, argument: str, given: Given, said: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must .*") as raised:
        trail(stack, **dict[str, Any]({argument: given}))

    assert said in str(raised.value)
    assert stack.node.try_find_child("Trail") is None


def test_refuses_a_retention_that_is_shorter_than_what_nobody_gave(stack: cdk.Stack) -> None:
    with pytest.raises(
        ConfigurationError, match=r"kept_for, 60 days, or None for never, got 90 days, which is the default$"
    ):
        trail(stack, kept_for=lambda _: days(60))


def test_refuses_a_retention_that_is_shorter_than_the_lock(stack: cdk.Stack) -> None:
    with pytest.raises(
        ConfigurationError, match=r"^kept_for must be at least as long as object_lock, 366 days, got 365 days$"
    ):
        trail(stack, kept_for=lambda _: days(365), object_lock=lambda _: ObjectLock.governance(days(366)))

    assert trail(stack, kept_for=lambda _: days(365), object_lock=lambda _: ObjectLock.governance(days(365)))


def test_refuses_a_name_that_is_taken_in_the_account_and_region(stack: cdk.Stack) -> None:
    trail(stack)
    same = cdk.Stack(app_of(stack), "Same", env=HERE)
    elsewhere = cdk.Stack(app_of(stack), "Elsewhere", env=cdk.Environment(account="444455556666", region="eu-west-1"))

    for where in (stack, same):
        with pytest.raises(
            ConfigurationError,
            match=r"^trail_name must be another one in each account and Region, got 'audit', which Audit/Trail has al",
        ):
            trail(where, construct_id="Second")
    assert trail(elsewhere).trail_name == "audit"


def test_a_name_that_was_refused_for_another_reason_is_free(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^insights must "):
        trail(stack, insights=lambda _: ["Spend"])

    assert trail(stack, log_group_retention=lambda _: logs.RetentionDays.ONE_DAY).trail_name == "audit"
