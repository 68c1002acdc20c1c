"""What `allow` says about a key whose policy is not of this app, and what it writes."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib import ConfigurationError, ExistingKey
from constructs_lib.key_kind import MAC, SIGNING
from constructs_lib.service_access import (
    backup,
    cloudtrail,
    cloudwatch_logs,
    dynamodb,
    ebs,
    rds,
    route53,
    secrets_manager,
)
from tests.support.announcements import announcements
from tests.support.synthesised import app_of, iam_statements, template_of

MakeApp = Callable[..., cdk.App]

IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
ARN = "arn:aws:kms:eu-west-1:111122223333:key/0d0c4e5f-6a7b-4c8d-9e0f-a1b2c3d4e5f6"
FAR = ARN.replace("111122223333", "444455556666")
DEPLOYER = "role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1"


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=IRELAND)


@pytest.fixture
def key(stack: cdk.Stack) -> ExistingKey:
    return ExistingKey.from_arn(stack, "Key", key_arn=ARN)


def role(scope: cdk.Stack, construct_id: str = "Role") -> iam.Role:
    return iam.Role(scope, construct_id, assumed_by=iam.AccountRootPrincipal())


def said(stack: cdk.Stack) -> tuple[list[str], list[str]]:
    """Give infos and warnings."""
    directory = app_of(stack).synth().directory
    return announcements(directory, stack.stack_name, "info"), announcements(directory, stack.stack_name, "warning")


def test_the_statement_that_a_service_needs_is_announced(stack: cdk.Stack, key: ExistingKey) -> None:
    key.allow(cloudwatch_logs.encrypt_log_group(log_group_name="orders"))

    infos, (warning,) = said(stack)
    assert infos == []
    assert f"this app cannot change the policy of {ARN}, which must have [" in warning
    assert '"Principal": {"Service": "logs.eu-west-1.${AWS::URLSuffix}"}' in warning
    assert ':logs:eu-west-1:111122223333:log-group:orders"' in warning
    assert DEPLOYER in warning
    assert '"kms:ViaService": "logs.eu-west-1.amazonaws.com"' in warning


def test_what_creation_alone_needs_may_be_left_to_iam(stack: cdk.Stack, key: ExistingKey) -> None:
    key.allow(rds.encrypt_storage())

    (info,), warnings = said(stack)
    assert warnings == []
    assert "which must have, unless it lets IAM policies of its account decide, [" in info
    assert DEPLOYER in info
    assert '"Action": "kms:CreateGrant"' in info
    assert '"kms:GrantIsForAWSResource": "true"' in info


def test_what_creation_needs_of_a_key_of_another_account_is_needed_on_both_sides(stack: cdk.Stack) -> None:
    ExistingKey.from_arn(stack, "Key", key_arn=FAR).allow(rds.encrypt_storage())

    infos, (warning,) = said(stack)
    assert infos == []
    assert "which must have [" in warning
    assert f"{DEPLOYER} must allow kms:CreateGrant, kms:DescribeKey on {FAR}" in warning


def test_the_account_and_the_region_of_a_use_are_those_of_the_key(stack: cdk.Stack) -> None:
    ExistingKey.from_arn(stack, "Key", key_arn=FAR).allow(cloudtrail.write_logs(trail_name="main"))

    (warning,) = said(stack)[1]
    assert ":cloudtrail:eu-west-1:444455556666:trail/main" in warning


def test_callers_are_allowed_in_iam_under_the_conditions_of_the_use(stack: cdk.Stack, key: ExistingKey) -> None:
    key.allow(secrets_manager.read_secret(secret_name="orders"), role(stack))

    (statement,) = iam_statements(template_of(stack))
    assert (statement["Action"], statement["Resource"]) == ("kms:Decrypt", ARN)
    assert statement["Condition"] == {
        "StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"},
        "StringLike": {
            "kms:EncryptionContext:SecretARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders-??????"
        },
    }
    (info,), warnings = said(stack)
    assert warnings == []
    assert "role/${S/Role/Resource}" in info


def test_grants_of_callers_are_for_aws_resources_through_the_service(stack: cdk.Stack, key: ExistingKey) -> None:
    key.allow(ebs.encrypt_volumes(), role(stack))

    through = {"kms:ViaService": "ec2.eu-west-1.amazonaws.com"}
    use, grants = iam_statements(template_of(stack))
    assert use["Condition"] == {"StringEquals": through}
    assert (grants["Action"], grants["Condition"]) == (
        "kms:CreateGrant",
        {"Bool": {"kms:GrantIsForAWSResource": "true"}, "StringEquals": through},
    )


def test_a_key_known_by_its_alias_is_bound_to_it_and_to_the_use(stack: cdk.Stack) -> None:
    key = ExistingKey.from_alias(stack, "Key", alias="orders")
    key.allow(dynamodb.use_table(table_name="orders"), role(stack))

    (statement,) = iam_statements(template_of(stack))
    assert statement["Condition"]["ForAnyValue:StringEquals"] == {"kms:ResourceAliases": "alias/orders"}
    assert statement["Condition"]["StringEquals"]["kms:ViaService"] == "dynamodb.eu-west-1.amazonaws.com"


def test_a_stack_whose_account_nobody_knows_yet_says_the_same(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S")
    ExistingKey.from_alias(stack, "Key", alias="orders").allow(rds.encrypt_storage())

    (info,), warnings = said(stack)
    assert warnings == []
    assert "unless it lets IAM policies of its account decide" in info


def test_who_deploys_is_left_out_where_nobody_can_say_it(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S", env=IRELAND, synthesizer=cdk.CliCredentialsStackSynthesizer())
    key = ExistingKey.from_arn(stack, "Key", key_arn=ARN)
    key.allow(cloudwatch_logs.encrypt_log_group(log_group_name="orders"))
    cdk.CfnOutput(stack, "KeyArn", value=key.key_arn)

    (warning,) = said(stack)[1]
    assert "cfn-exec" not in warning


def test_a_signing_key_signs_a_zone(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S", env=cdk.Environment(account="111122223333", region="us-east-1"))
    key = ExistingKey.from_arn(stack, "Key", key_arn=ARN.replace("eu-west-1", "us-east-1"), kind=SIGNING)
    key.allow(route53.sign_zone(hosted_zone_id="Z0123456789ABCDEFGHIJ"))

    (warning,) = said(stack)[1]
    assert '{"Service": "dnssec-route53.amazonaws.com"}' in warning


def test_refuses_a_use_that_takes_another_kind_or_region(stack: cdk.Stack, key: ExistingKey) -> None:
    zone = route53.sign_zone(hosted_zone_id="Z0123456789ABCDEFGHIJ")
    with pytest.raises(
        ConfigurationError, match=r"^\[S/Key\] use must suit the key: .* got a key of SYMMETRIC_DEFAULT$"
    ):
        key.allow(zone)
    signing = ExistingKey.from_arn(stack, "Signing", key_arn=ARN, kind=SIGNING)
    with pytest.raises(ConfigurationError, match=r"^\[S/Signing\] use must suit the key: .* got one in eu-west-1$"):
        signing.allow(zone)
    with pytest.raises(
        ConfigurationError, match=r"^\[S/Signing\] use must suit the key: .* got a key of another spec$"
    ):
        signing.allow(backup.encrypt_vault())
    mac = ExistingKey.from_arn(stack, "Mac", key_arn=ARN.replace("eu-west-1", "us-east-1"), kind=MAC)
    with pytest.raises(ConfigurationError, match=r"^\[S/Mac\] actions must be KMS actions that this kind of key has"):
        mac.allow(zone)


def test_refuses_callers_that_are_missing_or_not_taken(stack: cdk.Stack, key: ExistingKey) -> None:
    with pytest.raises(ConfigurationError, match=r"^\[S/Key\] callers must name who uses the key"):
        key.allow(secrets_manager.read_secret(secret_name="orders"))
    with pytest.raises(ConfigurationError, match=r"^\[S/Key\] callers must be nobody for "):
        key.allow(cloudwatch_logs.encrypt_log_group(log_group_name="orders"), role(stack))


def test_refuses_a_service_for_a_key_that_aws_manages(stack: cdk.Stack) -> None:
    managed = ExistingKey.from_alias(stack, "Key", alias="aws/sns")
    with pytest.raises(ConfigurationError, match=r"^\[S/Key\] grantee must be of the key's account for alias/aws/sns"):
        managed.allow(cloudtrail.write_logs(trail_name="main"))
