"""A secret as constructs of the CDK call it: with what Python takes by keyword as one object."""

import inspect
from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.errors import ConfigurationError
from constructs_lib.managed_secret import ManagedSecret
from constructs_lib.secrets.attached_secret import AttachedSecret
from constructs_lib.secrets.contents import DatabaseEngine, Generated
from tests.support.secret_stack import secret_of

CONTENT = Generated.database(engine=DatabaseEngine.POSTGRES, username="app")
REFUSED = "rotation= must be given to ManagedSecret"


class _Scene:
    """An instance and a cluster with a secret each, and a secret that nothing has."""

    def __init__(self, app: cdk.App) -> None:
        self.stack = stack = cdk.Stack(app, "Orders")
        self.vpc = vpc = ec2.Vpc(stack, "Vpc", nat_gateways=0)
        within = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
        self.instance = rds.DatabaseInstance(
            stack,
            "Instance",
            engine=rds.DatabaseInstanceEngine.POSTGRES,
            vpc=vpc,
            vpc_subnets=within,
            credentials=rds.Credentials.from_secret(secret_of(stack, "InstanceSecret", content=CONTENT)),
        )
        self.cluster = rds.DatabaseCluster(
            stack,
            "Cluster",
            engine=rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_16_6),
            writer=rds.ClusterInstance.serverless_v2("Writer"),
            vpc=vpc,
            vpc_subnets=within,
            credentials=rds.Credentials.from_secret(secret_of(stack, "ClusterSecret", content=CONTENT)),
        )
        self.secret = secret_of(stack, content=CONTENT)

    def rotation_of_the_cdk(self, construct_id: str, secret: secretsmanager.ISecret) -> None:
        secretsmanager.SecretRotation(
            self.stack,
            construct_id,
            application=secretsmanager.SecretRotationApplication.POSTGRES_ROTATION_SINGLE_USER,
            secret=secret,
            target=self.instance,
            vpc=self.vpc,
        )


@pytest.fixture
def scene(make_app: Callable[..., cdk.App]) -> _Scene:
    return _Scene(make_app())


def _refusal(call: Callable[[], object]) -> str:
    # What Python raises within a call of the CDK, jsii raises as its own.
    with pytest.raises(RuntimeError) as refused:
        call()
    return str(refused.value)


def test_refuses_each_rotation_of_the_cdk_in_its_own_words(scene: _Scene) -> None:
    said = [
        _refusal(scene.instance.add_rotation_single_user),
        _refusal(lambda: scene.cluster.add_rotation_multi_user("App", secret=scene.secret)),
        _refusal(lambda: scene.rotation_of_the_cdk("Rotation", scene.secret)),
    ]

    assert [REFUSED in each for each in said] == [True] * 3, said


def test_what_takes_keywords_takes_them_as_jsii_takes_one_object_apart() -> None:
    kinds = inspect.Parameter
    for name, member in inspect.getmembers(secretsmanager.ISecret, inspect.isfunction):
        theirs = {
            each.name for each in inspect.signature(member).parameters.values() if each.kind is kinds.KEYWORD_ONLY
        }
        for owner in (ManagedSecret, AttachedSecret) if theirs else ():
            ours = inspect.signature(getattr(owner, name)).parameters.values()
            named = {each.name for each in ours if each.kind is kinds.KEYWORD_ONLY}
            assert named == theirs or any(each.kind is kinds.VAR_POSITIONAL for each in ours), (owner, name)


def test_a_reference_to_an_attachment_says_what_one_to_the_secret_says(scene: _Scene) -> None:
    attached = scene.instance.secret
    assert attached is not None

    for secret in (scene.secret, attached):
        said = secret.cfn_dynamic_reference_key(json_field="password", version_stage="AWSPREVIOUS")
        assert said.endswith(":SecretString:password:AWSPREVIOUS:")


@pytest.mark.parametrize("field", ["", None, 1])
def test_refuses_a_field_without_a_name(scene: _Scene, field: str) -> None:
    with pytest.raises(ConfigurationError, match=r"key must be the name of a field, got .*; use secret_value"):
        scene.secret.secret_value_from_json(field)


def test_refuses_an_empty_field_in_a_reference(scene: _Scene) -> None:
    with pytest.raises(ConfigurationError, match="json_field must be one of"):
        scene.secret.cfn_dynamic_reference_key(json_field="")
