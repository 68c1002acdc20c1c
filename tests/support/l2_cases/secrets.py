"""Secrets and parameters, and who reads them."""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_ssm as ssm

from tests.support.l2_case import (
    ENCRYPT_DECRYPT,
    FOR_AWS_RESOURCES,
    SEND,
    VIA_SERVICE,
    L2Case,
    Use,
    add_to,
    function,
    role,
    vpc,
)

CASES: list[L2Case] = []

SECRET_MADE = (
    Use("account", ("DescribeKey", *ENCRYPT_DECRYPT), VIA_SERVICE),
    Use("account", ("CreateGrant",), (*VIA_SERVICE, *FOR_AWS_RESOURCES)),
)
"""A secret wants the account to be trusted with the key, but only through Secrets Manager."""
OF_ONE_SECRET = (*VIA_SERVICE, "kms:EncryptionContext:SecretARN")


def secret(key: kms.IKey, stack: cdk.Stack) -> secretsmanager.Secret:
    """Make a secret under the key."""
    return secretsmanager.Secret(stack, "Secret", encryption_key=key)


def read_through_secrets_manager(who: str) -> Use:
    """Say that somebody may decrypt, but only through Secrets Manager."""
    return Use(who, ("Decrypt",), VIA_SERVICE)


@add_to(CASES, left_out=SECRET_MADE)
def secret_made(key: kms.IKey, stack: cdk.Stack) -> None:
    secret(key, stack)


@add_to(CASES, read_through_secrets_manager("FunctionServiceRole"), left_out=SECRET_MADE)
def secret_read(key: kms.IKey, stack: cdk.Stack) -> None:
    secret(key, stack).grant_read(function(stack))


@add_to(CASES, Use("Role", ("Encrypt", "GenerateDataKey"), VIA_SERVICE), left_out=SECRET_MADE)
def secret_written(key: kms.IKey, stack: cdk.Stack) -> None:
    secret(key, stack).grant_write(role(stack))


@add_to(CASES, Use("FunctionServiceRole", SEND, VIA_SERVICE), left_out=SECRET_MADE)
def secret_rotated(key: kms.IKey, stack: cdk.Stack) -> None:
    secret(key, stack).add_rotation_schedule(
        "Rotation", rotation_lambda=function(stack), automatically_after=cdk.Duration.days(30)
    )


@add_to(
    CASES,
    calls={
        'secrets_manager.write_secret(secret_name="SecretA720EF05-*"), iam.AccountRootPrincipal()': (
            Use("account", SEND, OF_ONE_SECRET),
        ),
    },
    left_out=SECRET_MADE,
)
def secret_rotated_by_a_hosted_function(key: kms.IKey, stack: cdk.Stack) -> None:
    hosted = secretsmanager.HostedRotation.postgre_sql_single_user()
    secret(key, stack).add_rotation_schedule("Rotation", hosted_rotation=hosted)


@add_to(
    CASES,
    calls={
        'secrets_manager.write_secret(secret_name="SecretA720EF05-*"), iam.AccountRootPrincipal()': (
            Use("account", SEND, OF_ONE_SECRET),
        ),
        'secrets_manager.read_secret(secret_name="Master1645C907-*"), iam.AccountRootPrincipal()': (
            Use("account", ("Decrypt",), OF_ONE_SECRET),
        ),
    },
    left_out=SECRET_MADE,
)
def secret_rotated_by_an_application(key: kms.IKey, stack: cdk.Stack) -> None:
    network = vpc(stack)
    group = ec2.SecurityGroup(stack, "Group", vpc=network)
    secretsmanager.SecretRotation(
        stack,
        "Rotation",
        application=secretsmanager.SecretRotationApplication.POSTGRES_ROTATION_MULTI_USER,
        secret=secret(key, stack),
        master_secret=secretsmanager.Secret(stack, "Master", encryption_key=key),
        target=ec2.Connections(security_groups=[group], default_port=ec2.Port.tcp(5432)),
        vpc=network,
    )


@add_to(CASES, read_through_secrets_manager("TaskExecutionRole"), left_out=SECRET_MADE)
def secret_in_the_environment_of_a_container(key: kms.IKey, stack: cdk.Stack) -> None:
    ecs.FargateTaskDefinition(stack, "Task").add_container(
        "Container",
        image=ecs.ContainerImage.from_registry("example"),
        secrets={"NAME": ecs.Secret.from_secrets_manager(secret(key, stack))},
    )


@add_to(CASES, Use("FunctionServiceRole", ("Decrypt",)))
def secure_parameter_read(key: kms.IKey, stack: cdk.Stack) -> None:
    ssm.StringParameter.from_secure_string_parameter_attributes(
        stack, "Parameter", parameter_name="/name", encryption_key=key
    ).grant_read(function(stack))
