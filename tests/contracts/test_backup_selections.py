"""A backup selection asks a key for nothing; one call admits its role to exactly what backups need."""

from collections.abc import Callable
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_backup as backup
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam

from constructs_lib.encryption_key import EncryptionKey
from constructs_lib.service_access.backup import back_up
from tests.support.assembled import Assembled
from tests.support.kms_findings import findings
from tests.support.literal_templates import ACCOUNT, REGION, LiteralTemplates, Place, place_of
from tests.support.policy_judge import Caller, KmsKey

MakeApp = Callable[..., cdk.App]

IRELAND = cdk.Environment(account=ACCOUNT, region=REGION)
THROUGH_DYNAMODB = {"kms:ViaService": f"dynamodb.{REGION}.amazonaws.com"}
THROUGH_EC2 = {"kms:ViaService": f"ec2.{REGION}.amazonaws.com"}
FOR_AWS = {"kms:GrantIsForAWSResource": "true"}
BACKUPS = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)


def backed_up(stack: cdk.Stack, away: cdk.Stack, *, admitted: bool) -> tuple[Place, Place]:
    """Back up a table, and say where its key and the role of the selection are."""
    key = EncryptionKey(stack, "Key", alias="orders")
    table = dynamodb.TableV2(
        stack,
        "Table",
        partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING),
        encryption=dynamodb.TableEncryptionV2.customer_managed_key(key),
    )
    role = iam.Role(away, "Role", assumed_by=iam.ServicePrincipal("backup.amazonaws.com"))
    plan = backup.BackupPlan.daily35_day_retention(away, "Plan")
    plan.add_selection("Selection", role=role, resources=[backup.BackupResource.from_dynamo_db_table(table)])
    if admitted:
        key.allow(back_up(services=["dynamodb"]), role)
    return place_of(key), place_of(role)


def deployed(make_app: MakeApp, *, admitted: bool = True, apart: bool = False) -> tuple[KmsKey, Caller, list[str]]:
    app = make_app(**{"aws:cdk:enable-asset-metadata": True})
    stack = cdk.Stack(app, "S", env=IRELAND)
    away = cdk.Stack(app, "W", env=IRELAND) if apart else stack
    key, role = backed_up(stack, away, admitted=admitted)
    assembled = Assembled.read(Path(app.synth().directory))
    literal = LiteralTemplates(assembled)
    found = literal.caller(role)
    # The managed policy that the selection attaches gives these actions on every key.
    in_iam = {"Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}
    return literal.key(key), Caller(found.arn, (*found.policies, in_iam)), findings(assembled)


def may(key: KmsKey, caller: Caller, context: dict[str, str]) -> list[str]:
    return [action for action in (*BACKUPS, "kms:CreateGrant") if key.allows(caller, action, context)]


def test_the_role_of_a_selection_needs_the_call(make_app: MakeApp) -> None:
    key, role, _ = deployed(make_app, admitted=False)

    assert may(key, role, THROUGH_DYNAMODB | FOR_AWS) == ["kms:DescribeKey"]  # which is left to IAM


def test_the_role_of_a_selection_backs_up_through_the_service_of_what_it_backs_up(make_app: MakeApp) -> None:
    key, role, found = deployed(make_app)

    assert found == []
    assert may(key, role, THROUGH_DYNAMODB) == [*BACKUPS]
    assert may(key, role, THROUGH_DYNAMODB | FOR_AWS) == [*BACKUPS, "kms:CreateGrant"]
    other = Caller(f"arn:aws:iam::{ACCOUNT}:role/Other", role.policies)
    for caller, context in ((role, THROUGH_EC2 | FOR_AWS), (role, {}), (other, THROUGH_DYNAMODB | FOR_AWS)):
        assert may(key, caller, context) == ["kms:DescribeKey"]


def test_the_role_of_a_selection_in_another_stack_is_admitted_by_name(make_app: MakeApp) -> None:
    key, role, found = deployed(make_app, apart=True)

    assert found == []
    assert may(key, role, THROUGH_DYNAMODB | FOR_AWS) == [*BACKUPS, "kms:CreateGrant"]
