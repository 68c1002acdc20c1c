"""Readers of a trail: in one IAM policy of theirs, else beside bucket and key, always with the conditions."""

import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from constructs_lib import permission_set
from constructs_lib.auditing.trail_readers import TrailFiles
from tests.support.announcements import announcements
from tests.support.synthesised import Json, app_of, resources, template_of, written

FAR = "arn:aws:iam::444455556666:role/Auditor"
HERE = cdk.Environment(account="111122223333", region="eu-west-1")
ONLY_TRAILS = {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}}
BELOW = {"StringLike": {"s3:prefix": "main/AWSLogs/*"}}
Reader = Callable[[cdk.Stack], iam.IGrantable]


def stack_of(make_app: Callable[..., cdk.App], **given: Any) -> cdk.Stack:
    return cdk.Stack(make_app(), "Audit", **given)


def let_read(stack: cdk.Stack, reader: iam.IGrantable) -> None:
    files = TrailFiles(bucket=s3.Bucket(stack, "Files"), prefix="main/", encryption_key=kms.Key(stack, "Key"))
    files.let_read(stack, [reader.grant_principal])


def allowed(template: Json, kind: str, document: str) -> list[Json]:
    return [
        written(statement)
        for each in resources(template, kind).values()
        for statement in each["Properties"][document]["Statement"]
        if "kms:*" not in json.dumps(statement)
    ]


def conditions(statements: list[Json]) -> list[tuple[str, Any]]:
    return [(each["Action"], each.get("Condition", {})) for each in statements]


def reading(through_s3: str, partition: str = "${AWS::Partition}") -> list[tuple[str, Any]]:
    """What it takes to read, in an order in which the policies have it."""
    bucket = f"arn:{partition}:s3:::audit-files8e6940b8-*"
    of_bucket = {
        "StringEquals": {"kms:ViaService": through_s3},
        "StringLike": {"kms:EncryptionContext:aws:s3:arn": [bucket, f"{bucket}/*"]},
    }
    return [
        ("s3:GetObject", {}),
        ("s3:ListBucket", BELOW),
        ("kms:Decrypt", ONLY_TRAILS),
        ("kms:Decrypt", of_bucket),
    ]


def test_a_role_of_the_account_reads_by_iam(make_app: Callable[..., cdk.App]) -> None:
    stack = stack_of(make_app)
    let_read(stack, iam.Role(stack, "Auditor", assumed_by=iam.AccountPrincipal("111122223333")))

    template = template_of(stack)

    statements = allowed(template, "AWS::IAM::ManagedPolicy", "PolicyDocument")
    assert resources(template, "AWS::IAM::Policy") == {}
    assert conditions(statements) == reading("s3.${AWS::Region}.amazonaws.com")
    assert next(each for each in statements if each["Action"] == "s3:GetObject")["Resource"].endswith(
        ".Arn}/main/AWSLogs/*"
    )
    assert resources(template, "AWS::S3::BucketPolicy") == {}


def test_behind_an_alias_of_the_cdk_it_is_the_key_that_is_allowed(make_app: Callable[..., cdk.App]) -> None:
    stack = stack_of(make_app)
    alias = kms.Key(stack, "Key").add_alias("logs")
    files = TrailFiles(bucket=s3.Bucket(stack, "Files"), prefix="", encryption_key=alias)
    files.let_read(stack, [iam.User(stack, "Auditor")])

    statements = allowed(template_of(stack), "AWS::IAM::ManagedPolicy", "PolicyDocument")

    assert [each["Resource"] for each in statements if each["Action"] == "kms:Decrypt"] == ["${Key961B73FD.Arn}"] * 2


@pytest.mark.parametrize("env", [HERE, None], ids=["another account", "an account that nobody knows"])
def test_a_role_of_another_account_reads_by_bucket_and_key_under_the_same_conditions(
    make_app: Callable[..., cdk.App], env: cdk.Environment | None
) -> None:
    stack = stack_of(make_app, env=env)
    let_read(stack, iam.Role.from_role_arn(stack, "Far", FAR))

    template = template_of(stack)

    beside = [
        *allowed(template, "AWS::S3::BucketPolicy", "PolicyDocument"),
        *allowed(template, "AWS::KMS::Key", "KeyPolicy"),
    ]
    place = ("s3.${AWS::Region}.amazonaws.com",) if env is None else ("s3.eu-west-1.amazonaws.com", "aws")
    assert conditions(beside) == reading(*place)
    assert [each["Principal"] for each in beside] == [{"AWS": FAR}] * 4
    assert resources(template, "AWS::IAM::ManagedPolicy") == {}  # no role of that name of this account
    told = announcements(app_of(stack).outdir, "Audit", "info")
    assert len(told) == 4
    assert all(f"the account of {FAR} must allow this in IAM, too: " in each for each in told)


def test_people_of_a_permission_set_are_named_with_their_condition(make_app: Callable[..., cdk.App]) -> None:
    stack = stack_of(make_app, env=HERE)
    let_read(stack, permission_set("Audit"))

    statements = allowed(template_of(stack), "AWS::S3::BucketPolicy", "PolicyDocument")

    assert [sorted(each["Condition"]) for each in statements] == [["ArnLike"], ["ArnLike", "StringLike"]]


def test_the_owner_of_an_imported_key_is_told(make_app: Callable[..., cdk.App]) -> None:
    stack = stack_of(make_app, env=HERE)
    key = kms.Key.from_key_arn(
        stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    )
    files = TrailFiles(bucket=s3.Bucket(stack, "Files"), prefix="", encryption_key=key)
    files.let_read(stack, [iam.User(stack, "Auditor")])

    (warning,) = announcements(app_of(stack).synth().directory, "Audit", "warning")

    assert (
        "the policy of Audit/Key cannot be written from here; unless it leaves this to IAM, its owner must" in warning
    )
    assert json.dumps(ONLY_TRAILS)[1:-1] in warning
