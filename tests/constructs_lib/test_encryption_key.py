"""An encryption key as it is deployed: what stands in the template if nothing is said, and what each option does."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from constructs_lib import Administration, EncryptionKey, Lifecycle
from tests.support.synthesised import key_statements, only, template_of, written

MakeApp = Callable[..., cdk.App]


IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")


ACCOUNT = "arn:aws:iam::111122223333:root"


DEPLOYER = "arn:${AWS::Partition}:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1"


def named(value: object) -> str | None:
    """Name a case by its options, the same in every process; pytest tells equal names apart."""
    return "-".join(value) if isinstance(value, dict) else None


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=IRELAND)


def through(*services: str) -> dict[str, Any]:
    values = [f"{service}.eu-west-1.amazonaws.com" for service in services]
    return {"StringEquals": {"kms:ViaService": values if values[1:] else values[0]}}


def test_a_key_of_which_nothing_is_said_is_durable_and_rotates_and_nobody_uses_it(stack: cdk.Stack) -> None:
    EncryptionKey(stack, "Key")

    template = template_of(stack)
    assert list(template["Resources"]) == ["Key961B73FD"]
    root = "arn:${AWS::Partition}:iam::111122223333:root"
    by_name = {"AWS": root}
    deployed = {"ArnEquals": {"aws:PrincipalArn": DEPLOYER}}
    via = {"StringLike": {"kms:ViaService": "*.eu-west-1.amazonaws.com"}}
    assert written(template["Resources"]["Key961B73FD"]) == {
        "Type": "AWS::KMS::Key",
        "Properties": {
            "EnableKeyRotation": True,
            "RotationPeriodInDays": 365,
            "PendingWindowInDays": 30,
            "KeyPolicy": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "AccountAdministration",
                        "Effect": "Allow",
                        "Principal": {"AWS": ACCOUNT},
                        "Action": [
                            "kms:CancelKeyDeletion",
                            "kms:CreateAlias",
                            "kms:DeleteAlias",
                            "kms:DescribeKey",
                            "kms:DisableKey",
                            "kms:DisableKeyRotation",
                            "kms:EnableKey",
                            "kms:EnableKeyRotation",
                            "kms:GetKeyLastUsage",
                            "kms:GetKeyPolicy",
                            "kms:GetKeyRotationStatus",
                            "kms:ListGrants",
                            "kms:ListKeyPolicies",
                            "kms:ListKeyRotations",
                            "kms:ListResourceTags",
                            "kms:PutKeyPolicy",
                            "kms:RevokeGrant",
                            "kms:RotateKeyOnDemand",
                            "kms:ScheduleKeyDeletion",
                            "kms:TagResource",
                            "kms:UntagResource",
                            "kms:UpdateAlias",
                            "kms:UpdateKeyDescription",
                        ],
                        "Resource": "*",
                    },
                    {
                        "Sid": "DeployersThroughServicesByName",
                        "Effect": "Allow",
                        "Principal": by_name,
                        "Action": [
                            "kms:Decrypt",
                            "kms:DescribeKey",
                            "kms:Encrypt",
                            "kms:GenerateDataKey",
                            "kms:GenerateDataKeyWithoutPlaintext",
                        ],
                        "Resource": "*",
                        "Condition": {**deployed, **via},
                    },
                    {
                        "Sid": "DeployersGrantsByName",
                        "Effect": "Allow",
                        "Principal": by_name,
                        "Action": "kms:CreateGrant",
                        "Resource": "*",
                        "Condition": {**deployed, "Bool": {"kms:GrantIsForAWSResource": "true"}, **via},
                    },
                    {
                        "Sid": "DeployersReEncryptFromByName",
                        "Effect": "Allow",
                        "Principal": by_name,
                        "Action": ["kms:Decrypt", "kms:ReEncryptFrom"],
                        "Resource": "*",
                        "Condition": {**deployed, **through("fsx")},
                    },
                    {
                        "Sid": "DeployersReEncryptFromReEncryptToByName",
                        "Effect": "Allow",
                        "Principal": by_name,
                        "Action": ["kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
                        "Resource": "*",
                        "Condition": {**deployed, **through("dynamodb", "ec2", "events")},
                    },
                    {
                        "Sid": "DeployersRetireGrantByName",
                        "Effect": "Allow",
                        "Principal": by_name,
                        "Action": "kms:RetireGrant",
                        "Resource": "*",
                        "Condition": {**deployed, **through("backup", "ecr")},
                    },
                ],
            },
        },
        "DeletionPolicy": "RetainExceptOnCreate",
        "UpdateReplacePolicy": "Retain",
    }


def test_a_key_of_any_account_and_region_names_both_by_pseudo_parameters(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S")
    EncryptionKey(stack, "Key", services=["s3"])

    account = "arn:${AWS::Partition}:iam::${AWS::AccountId}"
    statements = key_statements(template_of(stack))
    assert statements["AccountAdministration"]["Principal"] == {"AWS": f"{account}:root"}
    assert statements["DeployersThroughS3ByName"]["Condition"] == {
        "ArnEquals": {
            "aws:PrincipalArn": f"{account}:role/cdk-hnb659fds-cfn-exec-role-${{AWS::AccountId}}-${{AWS::Region}}"
        },
        "StringEquals": {"kms:ViaService": "s3.${AWS::Region}.amazonaws.com"},
    }


def test_a_key_in_china_has_its_partition_and_the_same_via_service(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S", env=cdk.Environment(account="111122223333", region="cn-north-1"))
    EncryptionKey(stack, "Key")

    statements = key_statements(template_of(stack))
    assert statements["AccountAdministration"]["Principal"] == {"AWS": "arn:aws-cn:iam::111122223333:root"}
    assert statements["DeployersGrantsByName"]["Condition"]["StringLike"] == {
        "kms:ViaService": "*.cn-north-1.amazonaws.com"
    }


@pytest.mark.parametrize(
    ("option", "properties"),
    [
        ({"rotation_period": cdk.Duration.days(90)}, {"RotationPeriodInDays": 90}),
        ({"rotation_period": cdk.Duration.days(2560)}, {"RotationPeriodInDays": 2560}),
        ({"rotation_period": cdk.Duration.hours(24 * 100)}, {"RotationPeriodInDays": 100}),
        ({"waiting_period": cdk.Duration.days(7)}, {"PendingWindowInDays": 7}),
        ({"waiting_period": cdk.Duration.days(30)}, {"PendingWindowInDays": 30}),
        ({"description": "Orders"}, {"Description": "Orders"}),
        ({"description": "x" * 8192}, {"Description": "x" * 8192}),
        ({"tags": {"b": "2", "a": ""}}, {"Tags": [{"Key": "a", "Value": ""}, {"Key": "b", "Value": "2"}]}),
        ({"tags": {"k" * 128: "v" * 256}}, {"Tags": [{"Key": "k" * 128, "Value": "v" * 256}]}),
        ({"lifecycle": Lifecycle.EPHEMERAL}, {"PendingWindowInDays": 7}),
    ],
    ids=named,
)
def test_an_option_changes_its_property_and_no_other(
    option: dict[str, Any], properties: dict[str, Any], make_app: MakeApp, stack: cdk.Stack
) -> None:
    EncryptionKey(stack, "Key", **option)
    plain = cdk.Stack(make_app(), "S", env=IRELAND)
    EncryptionKey(plain, "Key")

    expected = {**only(template_of(plain), "AWS::KMS::Key")["Properties"], **properties}
    assert only(template_of(stack), "AWS::KMS::Key")["Properties"] == expected


def test_fifty_tags_are_taken(stack: cdk.Stack) -> None:
    EncryptionKey(stack, "Key", tags={f"k{number}": "" for number in range(50)})

    assert len(only(template_of(stack), "AWS::KMS::Key")["Properties"]["Tags"]) == 50


def test_tags_of_the_stack_reach_the_key_and_its_own_win(stack: cdk.Stack) -> None:
    cdk.Tags.of(stack).add("team", "payments")
    cdk.Tags.of(stack).add("owner", "stack")
    EncryptionKey(stack, "Key", tags={"owner": "key"})

    assert only(template_of(stack), "AWS::KMS::Key")["Properties"]["Tags"] == [
        {"Key": "owner", "Value": "key"},
        {"Key": "team", "Value": "payments"},
    ]


def test_only_named_people_administer_when_that_is_chosen(stack: cdk.Stack) -> None:
    admin = iam.Role(stack, "Admin", assumed_by=iam.AccountRootPrincipal())
    EncryptionKey(stack, "Key", administration=Administration.ONLY_NAMED, administrators=[admin])

    assert list(key_statements(template_of(stack))) == [
        "Administrators",
        "DeployersAdministerByName",
        "DeployersThroughServicesByName",
        "DeployersGrantsByName",
        "DeployersReEncryptFromByName",
        "DeployersReEncryptFromReEncryptToByName",
        "DeployersRetireGrantByName",
    ]


def test_it_is_a_key_to_the_cdk(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key")
    bucket = s3.Bucket(stack, "Bucket", encryption_key=key)

    assert bucket.encryption_key is key
    assert isinstance(key.node.default_child, kms.CfnKey)
    encryption = only(written_template(stack), "AWS::S3::Bucket")["Properties"]["BucketEncryption"]
    assert encryption["ServerSideEncryptionConfiguration"][0]["ServerSideEncryptionByDefault"] == {
        "KMSMasterKeyID": "${Key961B73FD.Arn}",
        "SSEAlgorithm": "aws:kms",
    }


def written_template(stack: cdk.Stack) -> dict[str, Any]:
    template: dict[str, Any] = written(template_of(stack))
    return template


def test_it_gives_its_arn_its_id_and_both_as_a_reference(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key")

    assert stack.resolve([key.key_arn, key.key_id]) == [{"Fn::GetAtt": ["Key961B73FD", "Arn"]}, {"Ref": "Key961B73FD"}]
    assert (key.key_ref.key_arn, key.key_ref.key_id) == (key.key_arn, key.key_id)
    assert (key.env.account, key.env.region) == ("111122223333", "eu-west-1")
