"""Databases get their credentials the usual way, and every grant on what they hand on reaches the secret."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_rds as rds

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.attached_secret import AttachedSecret
from constructs_lib.secrets.contents import DatabaseEngine, Generated
from tests.conftest import configured_app
from tests.support.announcements import announcements
from tests.support.secret_stack import allowed_to, role, secret_of, spared, statements
from tests.support.synthesised import only, resources, template_of, written

CONTENT = Generated.database(engine=DatabaseEngine.POSTGRES, username="app")
ATTACHMENT = "AWS::SecretsManager::SecretTargetAttachment"
READERS = ("ProxyIAMRole", "TaskExecutionRole", "Reader")


class _Scene:
    """A database, a proxy and a task with one secret; the database in the same stack, or in another one."""

    def __init__(self, directory: Path, database: str) -> None:
        app = configured_app(directory)
        self.home = cdk.Stack(app, "Orders")
        self.there = self.home if database == "Orders" else cdk.Stack(app, database)
        self.secret = secret_of(self.home, content=CONTENT)
        vpc = ec2.Vpc(self.there, "Vpc", nat_gateways=0)
        self.instance = rds.DatabaseInstance(
            self.there,
            "Database",
            engine=rds.DatabaseInstanceEngine.POSTGRES,
            vpc=vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
            credentials=rds.Credentials.from_secret(self.secret),
        )
        self.attached = self.instance.secret
        assert self.attached is not None
        target = rds.ProxyTarget.from_instance(self.instance)
        rds.DatabaseProxy(self.there, "Proxy", proxy_target=target, secrets=[self.attached], vpc=vpc)
        task = ecs.FargateTaskDefinition(self.there, "Task")
        password = ecs.Secret.from_secrets_manager(self.attached, "password")
        image = ecs.ContainerImage.from_registry("example.com/orders")
        task.add_container("Orders", image=image, secrets={"PASSWORD": password})
        self.attached.grant_read(role(self.there, "Reader"), ["AWSCURRENT"])
        self.template: dict[str, Any] = template_of(self.home)
        self.other: dict[str, Any] = template_of(self.there)
        self.said = announcements(str(directory), "Orders", "info")


@pytest.fixture(scope="module")
def same(tmp_path_factory: pytest.TempPathFactory) -> _Scene:
    return _Scene(tmp_path_factory.mktemp("same"), "Orders")


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> _Scene:
    return _Scene(tmp_path_factory.mktemp("apart"), "Data")


def test_no_template_holds_the_password(same: _Scene) -> None:
    password = written(only(same.template, "AWS::RDS::DBInstance")["Properties"]["MasterUserPassword"])

    assert password.startswith("{{resolve:secretsmanager:${Secret")
    assert password.endswith("}:SecretString:password::}}")


def test_who_reads_through_a_construct_of_the_cdk_is_let_in_by_all_three(same: _Scene) -> None:
    reading = spared(statements(same.template)["DenyOthersReading"])

    (staged,) = (each for each in allowed_to(same.template, "Reader") if "VersionStage" in str(each))
    assert staged["Action"] == "secretsmanager:GetSecretValue"
    for name in READERS:
        allowed = allowed_to(same.template, name)
        assert any("secretsmanager:GetSecretValue" in each["Action"] for each in allowed)
        assert any("SecretARN" in str(each.get("Condition")) for each in allowed)
        assert any(each.startswith(f"${{{name}") for each in reading)


def test_a_database_of_another_stack_makes_no_cycle(apart: _Scene) -> None:
    assert resources(apart.template, ATTACHMENT) == {}
    assert only(apart.other, ATTACHMENT)["Properties"]["TargetType"] == "AWS::RDS::DBInstance"
    assert [each.stack_name for each in apart.home.dependencies] == []
    assert len([each for each in spared(statements(apart.template)["DenyOthersReading"]) if ":role/" in each]) == 4


def test_the_password_in_the_database_is_announced_once(same: _Scene, apart: _Scene) -> None:
    said = [[each for each in scene.said if "dynamic reference" in each] for scene in (same, apart)]

    assert [len(each) for each in said] == [1, 1]


def test_what_is_attached_is_the_same_secret(same: _Scene) -> None:
    attached, stack = same.attached, same.home
    assert isinstance(attached, AttachedSecret)

    assert stack.resolve(attached.secret_arn) == {"Ref": "SecretAttachment2E1B7C3B"}
    assert attached.secret_full_arn == attached.secret_ref.secret_id == attached.secret_arn
    assert attached.secret_name == same.secret.secret_name
    assert attached.encryption_key is same.secret.encryption_key
    assert "SecretAttachment" in str(stack.resolve(attached.secret_value.unsafe_unwrap()))
    assert "SecretAttachment" in str(stack.resolve(attached.secret_value_from_json("host").unsafe_unwrap()))
    assert "SecretAttachment" in str(stack.resolve(attached.cfn_dynamic_reference_key(json_field="port")))


def test_refuses_a_second_database_and_a_rotation_of_the_cdk(same: _Scene) -> None:
    attached = same.attached
    assert attached is not None
    for secret in (same.secret, attached):
        with pytest.raises(ConfigurationError, match="target must be"):
            secret.attach(same.instance)
        with pytest.raises(ConfigurationError, match="rotation= must be given to ManagedSecret"):
            secret.add_rotation_schedule("Schedule", automatically_after=cdk.Duration.days(30))


def test_refuses_what_cannot_be_attached_to() -> None:
    stack = cdk.Stack(cdk.App(), "Orders")
    with pytest.raises(ConfigurationError, match="target must be a database, a cluster or a proxy, got 'db'"):
        secret_of(stack).attach("db")  # type: ignore[arg-type]  # that is the point
    newer = SimpleNamespace(target_id="db", target_type=SimpleNamespace(name="NEPTUNE_DB_CLUSTER"))
    with pytest.raises(ConfigurationError, match=r"target must be one of CLUSTER.* got 'NEPTUNE_DB_CLUSTER'"):
        secret_of(stack, "Other").attach(SimpleNamespace(as_secret_attachment_target=lambda: newer))  # of a newer CDK
