"""A database whose secret an application rotates: nobody can name the application's role, and IAM says who it is."""

import re
from collections.abc import Callable
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.encryption_key import EncryptionKey
from constructs_lib.service_access import secrets_manager
from tests.support.assembled import Assembled
from tests.support.kms_findings import findings
from tests.support.l2_case import vpc
from tests.support.literal_templates import ACCOUNT, OTHER_ACCOUNT, REGION, LiteralTemplates, place_of
from tests.support.policy_judge import Caller, KmsKey

MakeApp = Callable[..., cdk.App]

IRELAND = cdk.Environment(account=ACCOUNT, region=REGION)
ROTATES = ("kms:Decrypt", "kms:GenerateDataKey")
ASKED = (*ROTATES, "kms:CreateGrant", "kms:Encrypt", "kms:PutKeyPolicy", "kms:ReEncryptFrom")
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
IN_IAM = {"Statement": [{"Effect": "Allow", "Action": [*ROTATES, "kms:DescribeKey"], "Resource": "*"}]}
EVERYTHING = {"Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}
ROTATION = f"arn:aws:iam::{ACCOUNT}:role/S-DatabaseRotation-1A2B3C"


def rotated(app: cdk.App) -> EncryptionKey:
    """Rotate the secret of a database, both under one key."""
    stack = cdk.Stack(app, "S", env=IRELAND)
    key = EncryptionKey(stack, "Key", alias="orders")
    database = rds.DatabaseInstance(
        stack,
        "Database",
        engine=rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_16),
        vpc=vpc(stack),
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
        storage_encryption_key=key,
        credentials=rds.Credentials.from_generated_secret("admin", encryption_key=key),
    )
    database.add_rotation_single_user()
    return key


def only_secret(key: EncryptionKey) -> str:
    """Give the logical id of the one secret, with which its name begins."""
    (secret,) = (each for each in cdk.Stack.of(key).node.find_all() if isinstance(each, secretsmanager.CfnSecret))
    return str(cdk.Stack.of(key).resolve(secret.logical_id))


def through(secret: str) -> dict[str, str]:
    return {"kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com", "kms:EncryptionContext:SecretARN": secret}


def may(key: KmsKey, caller: Caller, context: dict[str, str]) -> tuple[str, ...]:
    return tuple(action for action in ASKED if key.allows(caller, action, context))


def test_refuses_a_rotation_for_which_the_key_admits_nobody(make_app: MakeApp) -> None:
    app = make_app()
    rotated(app)

    with pytest.raises(RuntimeError, match="UnadmittedService") as refused:
        app.synth()

    call = re.search(r"call key\.allow\((.*)\) on the key", str(refused.value))
    assert call is not None
    assert re.fullmatch(
        r'secrets_manager\.write_secret\(secret_name="\w+-\*"\), iam\.AccountRootPrincipal\(\)', call[1]
    )


def test_the_call_lets_in_whom_iam_of_the_account_lets_in_for_that_secret_alone(make_app: MakeApp) -> None:
    app = make_app(**{"aws:cdk:enable-asset-metadata": True})
    made = rotated(app)
    secret_name = only_secret(made)
    made.allow(secrets_manager.write_secret(secret_name=f"{secret_name}-*"), iam.AccountRootPrincipal())
    assembled = Assembled.read(Path(app.synth().directory))
    key = LiteralTemplates(assembled).key(place_of(made))
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{secret_name}-1A2b3C4d5E6f-a1B2c3"
    rotation = Caller(ROTATION, (IN_IAM,))

    assert findings(assembled) == []
    assert may(key, rotation, through(secret)) == ROTATES
    assert may(key, Caller(ROTATION, (EVERYTHING,)), through(secret)) == (*ROTATES, "kms:PutKeyPolicy")
    for caller, context in (
        (rotation, through(secret.replace("secret:", "secret:Other"))),
        (rotation, through(secret.replace(ACCOUNT, OTHER_ACCOUNT))),
        (rotation, {**through(secret), "kms:ViaService": f"s3.{REGION}.amazonaws.com"}),
        (rotation, {}),
        (Caller(ROTATION), through(secret)),
        (Caller(ROTATION.replace(ACCOUNT, OTHER_ACCOUNT), (EVERYTHING,)), through(secret)),
    ):
        assert may(key, caller, context) == ()
