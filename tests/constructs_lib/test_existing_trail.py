"""ExistingTrail: what an ARN says of a trail, and what nothing says must be given."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3

from constructs_lib import ConfigurationError, ExistingKey
from constructs_lib.existing_trail import ExistingTrail
from constructs_lib.wiring.recorded_trail import RecordedTrail, TrailReach

ARN = "arn:aws-us-gov:cloudtrail:us-gov-west-1:111122223333:trail/aws-controltower.main_1"


@pytest.fixture(scope="module")
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Audit")


@pytest.fixture(scope="module")
def bucket(stack: cdk.Stack) -> s3.IBucket:
    return s3.Bucket.from_bucket_name(stack, "Logs", "logs")


def existing(files: s3.IBucket, **given: Any) -> ExistingTrail:
    return ExistingTrail(**{"trail_arn": ARN, "bucket": files, **given})


def test_the_arn_says_where_it_is(bucket: s3.IBucket) -> None:
    trail: RecordedTrail = existing(bucket)

    assert (trail.trail_name, trail.home_region, trail.home_account) == (
        "aws-controltower.main_1",
        "us-gov-west-1",
        "111122223333",
    )
    assert (trail.prefix, trail.reach, trail.organization_id, trail.log_group, trail.encryption_key) == (
        "",
        TrailReach.EVERY_REGION,
        None,
        None,
        None,
    )


def test_everything_else_can_be_said(stack: cdk.Stack, bucket: s3.IBucket) -> None:
    group = logs.LogGroup.from_log_group_name(stack, "Group", "trail")
    key = ExistingKey.from_alias(stack, "Key", alias="trail")

    trail = existing(
        bucket,
        encryption_key=key,
        log_group=group,
        prefix="main",
        reach=TrailReach.HOME_REGION,
        organization_id="o-a1b2c3d4e5",
    )

    assert (trail.encryption_key, trail.log_group, trail.prefix) == (key, group, "main/")
    assert (trail.reach, trail.organization_id) == (TrailReach.HOME_REGION, "o-a1b2c3d4e5")


def test_an_arn_may_hold_tokens(stack: cdk.Stack, bucket: s3.IBucket) -> None:
    arn = stack.format_arn(service="cloudtrail", resource="trail", resource_name="main")

    trail = existing(bucket, trail_arn=arn)

    assert (trail.trail_name, trail.home_region, trail.home_account) == ("main", stack.region, stack.account)


def test_of_an_arn_that_is_a_token_the_parts_are_given(bucket: s3.IBucket) -> None:
    arn = cdk.Fn.import_value("TrailArn")

    trail = existing(bucket, trail_arn=arn, trail_name="main", home_region="eu-west-1", home_account="111122223333")

    assert (trail.trail_arn, trail.trail_name) == (arn, "main")


@pytest.mark.parametrize("lacking", ["trail_name", "home_region", "home_account"])
def test_refuses_an_arn_that_is_a_token_without_its_parts(bucket: s3.IBucket, lacking: str) -> None:
    parts = {"trail_name": "main", "home_region": "eu-west-1", "home_account": "111122223333"}
    del parts[lacking]

    with pytest.raises(ConfigurationError, match=rf"^{lacking} must be given where trail_arn is a token, got none$"):
        existing(bucket, trail_arn=cdk.Fn.import_value("TrailArn"), **parts)


@pytest.mark.parametrize(
    ("argument", "value", "said"),
    [
        ("trail_arn", "main", "must be arn:partition:cloudtrail:region:account:trail/name, got 'main'"),
        ("trail_arn", None, "must be arn:partition:cloudtrail:region:account:trail/name, got None"),
        ("trail_arn", ARN.replace(":cloudtrail:", ":s3:"), "must be arn:partition:cloudtrail:region:account:trail/"),
        ("trail_arn", ARN.replace(":trail/", ":eventdatastore/"), "must be arn:partition:cloudtrail:region:account:tr"),
        ("trail_arn", ARN.replace("111122223333", "1111"), "must be arn:partition:cloudtrail:region:account:trail/na"),
        ("trail_arn", ARN.replace("us-gov-west-1", "Ireland"), "must be arn:partition:cloudtrail:region:account:trai"),
        ("bucket", "logs", "must be a bucket, such as s3.Bucket"),
        (
            "encryption_key",
            "alias/trail",
            "must be a key, such as EncryptionKey(...) or ExistingKey.from_arn(...), got",
        ),
        ("log_group", "trail", "must be a log group, such as logs.LogGroup.from_log_group_name(...), or None, got 't"),
        ("prefix", "/main", "must be at most 200 characters without a slash at its beginning or two in a row"),
        ("reach", "every Region", "must be a member of TrailReach"),
        ("organization_id", "org", "must be the id of an organization such as o-a1b2c3d4e5, got 'org'"),
        ("home_region", "eu-west-1", "must be 'us-gov-west-1', as trail_arn says, got 'eu-west-1'"),
        ("home_account", 111122223333, "must be as in an ARN of CloudTrail"),
        ("trail_name", "a b", "must be as in an ARN of CloudTrail"),
    ],
)
def test_refuses_what_is_none(bucket: s3.IBucket, argument: str, value: object, said: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        existing(bucket, **{argument: value})

    assert str(raised.value).startswith(f"{argument} {said}")
