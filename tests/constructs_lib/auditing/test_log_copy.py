"""LogCopy: an encrypted log group, and a role that writes CloudTrail's log streams there and nothing else."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

from constructs_lib.auditing.log_copy import LogCopy
from tests.support.synthesised import Json, only, template_of, written


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Json:
    stack = cdk.Stack(
        cdk.App(outdir=str(tmp_path_factory.mktemp("cdk.out")), builtin_cloud_formation_validation=False), "Audit"
    )
    LogCopy(
        stack,
        "Copy",
        operations_key=kms.Key(stack, "Key"),
        retention=logs.RetentionDays.ONE_YEAR,
        streams=["111122223333_CloudTrail_eu-west-1"],
    )
    return template_of(stack)


def test_the_log_group_is_encrypted_and_kept(template: Json) -> None:
    group = only(template, "AWS::Logs::LogGroup")

    assert written(group["Properties"]) == {"KmsKeyId": "${Key961B73FD.Arn}", "RetentionInDays": 365}
    assert group["DeletionPolicy"] == "RetainExceptOnCreate"


def test_the_key_admits_cloudwatch_logs_for_this_log_group_without_naming_it(template: Json) -> None:
    (statement,) = [
        written(each)
        for each in only(template, "AWS::KMS::Key")["Properties"]["KeyPolicy"]["Statement"]
        if "Service" in each["Principal"]
    ]

    assert statement["Principal"] == {"Service": "logs.${AWS::Region}.${AWS::URLSuffix}"}
    (pattern,) = statement["Condition"]["ArnLike"].values()
    assert pattern.startswith("arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:Audit-Copy")
    assert pattern.endswith("-*")


def test_the_role_writes_cloudtrails_streams_there_and_nothing_else(template: Json) -> None:
    statements = written(only(template, "AWS::IAM::Policy")["Properties"]["PolicyDocument"]["Statement"])

    assert {each["Action"] for each in statements} == {"logs:CreateLogStream", "logs:PutLogEvents"}
    (resource,) = {each["Resource"] for each in statements}
    begin, _, stream = resource.partition(":log-stream:")
    assert begin.startswith("arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Copy")
    assert stream == "111122223333_CloudTrail_eu-west-1*"


def test_cloudtrail_alone_assumes_the_role(template: Json) -> None:
    (statement,) = only(template, "AWS::IAM::Role")["Properties"]["AssumeRolePolicyDocument"]["Statement"]

    assert statement == {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
