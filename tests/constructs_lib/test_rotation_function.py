"""The function that rotates secrets: what it may do, what it is told, and what cdk-nag finds."""

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.function_network import FunctionNetwork
from constructs_lib.rotation_function import AlternatingUsers, RotationFunction
from constructs_lib.secrets.generated import Generated
from constructs_lib.secrets.rotation import ByFunction
from constructs_lib.secrets.rotation_schedule import RotationSchedule
from constructs_lib.secrets.service_step import ServiceStep
from constructs_lib.secrets.supplied import Supplied
from tests.conftest import configured_app
from tests.support.findings import COLLECT_ONLY, Finding, add_packs, collect_findings, unacknowledged
from tests.support.function_roles import statements_by_handler, variables_by_handler
from tests.support.synthesised import Json, only, resources, template_of, written

ROTATE = "secret_rotation.handler.rotate"
DRAWN = {"Action": "secretsmanager:GetRandomPassword", "Effect": "Allow", "Resource": "*"}
FIELDS = Generated.json(fields={"username": "orders"}, generated_field="password", without="\"'")
ENVIRONMENT = cdk.Environment(account="111122223333", region="eu-central-1")
SUPERUSER = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:super-AbCdEf"


@pytest.fixture(scope="module")
def step(tmp_path_factory: pytest.TempPathFactory) -> ServiceStep:
    folder = tmp_path_factory.mktemp("step")
    (folder / "warehouse_api.py").write_text("class Warehouse: ...\n")
    return ServiceStep(folder=folder, entry="warehouse_api:Warehouse")


class Scene:
    """Rotation functions of every sort, each in a stack of its own; the packs look at two of them."""

    def __init__(self, outdir: Path, step: ServiceStep) -> None:
        self.looked_at, self.other = configured_app(outdir / "one", **COLLECT_ONLY), configured_app(outdir / "two")
        self.outdir = {"Token": outdir / "one", "Users": outdir / "one", "Issued": outdir / "two"}
        self._rotation(self.looked_at, "Token", content=Generated.text(length=32))
        self._users(step)
        self._rotation(self.other, "Issued", content=Supplied.text(), step=step, reserved_concurrency=1)
        self.other.synth()
        add_packs(self.looked_at)
        self.findings = collect_findings(self.looked_at)

    def _users(self, step: ServiceStep) -> None:
        there = cdk.Stack(self.looked_at, "There", env=ENVIRONMENT)
        vpc = ec2.Vpc.from_vpc_attributes(
            there,
            "Vpc",
            vpc_id="vpc-1",
            availability_zones=["eu-central-1a"],
            private_subnet_ids=["subnet-1"],
            private_subnet_route_table_ids=["rtb-1"],
        )
        group = ec2.SecurityGroup.from_security_group_id(there, "Group", "sg-1")
        superuser = secretsmanager.Secret.from_secret_complete_arn(there, "Super", SUPERUSER)
        self._rotation(
            self.looked_at,
            "Users",
            content=FIELDS,
            step=step,
            alternating=AlternatingUsers(superuser=superuser),
            network=FunctionNetwork(vpc=vpc, security_groups=[group]),
        )

    def _rotation(self, app: cdk.App, name: str, **told: Any) -> None:
        stack = cdk.Stack(app, name, env=ENVIRONMENT)
        RotationFunction(stack, "Rotation", operations_key=kms.Key(stack, "LogKey"), **told)

    def template(self, name: str) -> Json:
        found: Json = json.loads((self.outdir[name] / f"{name}.template.json").read_text())
        return found

    def work(self, name: str) -> list[Json]:
        (statements,) = statements_by_handler(self.template(name)).values()
        return [each for each in statements if "ec2:" not in json.dumps(each["Action"])]


@pytest.fixture(scope="module")
def scene(step: ServiceStep, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("cdk.out"), step)


def test_a_function_that_draws_may_draw_and_nothing_else(scene: Scene) -> None:
    template = scene.template("Token")

    assert statements_by_handler(template) == {ROTATE: [DRAWN]}
    assert variables_by_handler(template) == {
        ROTATE: {"PASSWORD_LENGTH": "32", "CHARACTERS": "LETTERS_AND_DIGITS"},
    }


def test_permission_to_draw_stands_in_a_policy_of_its_own(scene: Scene) -> None:
    policies = written([
        each["Properties"]["PolicyDocument"]["Statement"]
        for each in resources(scene.template("Token"), "AWS::IAM::Policy").values()
    ])

    assert [DRAWN] in policies


def test_with_alternating_users_it_reads_the_superusers_secret(scene: Scene) -> None:
    template = scene.template("Users")

    reading = {
        "Action": ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
        "Effect": "Allow",
        "Resource": SUPERUSER,
    }
    assert sorted(scene.work("Users"), key=str) == sorted([DRAWN, reading], key=str)
    assert variables_by_handler(template)[ROTATE] == {
        "PASSWORD_LENGTH": "48",
        "CHARACTERS": "LETTERS_AND_DIGITS",
        "EXCLUDE_CHARACTERS": "\"'",
        "GENERATED_FIELD": "password",
        "SERVICE_STEP": "warehouse_api:Warehouse",
        "SUPERUSER_SECRET_ARN": SUPERUSER,
    }


def test_where_the_service_makes_the_values_it_may_not_even_draw(scene: Scene) -> None:
    template = scene.template("Issued")

    assert statements_by_handler(template) == {ROTATE: []}
    assert variables_by_handler(template) == {ROTATE: {"SERVICE_STEP": "warehouse_api:Warehouse"}}


def test_each_step_is_its_own_asset(scene: Scene) -> None:
    keys = {
        name: only(scene.template(name), "AWS::Lambda::Function")["Properties"]["Code"]["S3Key"]
        for name in ("Token", "Users", "Issued")
    }

    assert keys["Users"] == keys["Issued"] != keys["Token"]


def test_it_has_a_minute_for_each_step_and_is_not_repeated_by_lambda(scene: Scene) -> None:
    template = scene.template("Token")
    function = only(template, "AWS::Lambda::Function")["Properties"]

    assert (function["Timeout"], function["MemorySize"], function["Runtime"]) == (60, 512, "python3.13")
    assert "ReservedConcurrentExecutions" not in function
    assert only(template, "AWS::Lambda::EventInvokeConfig")["Properties"]["MaximumRetryAttempts"] == 0
    issued = only(scene.template("Issued"), "AWS::Lambda::Function")["Properties"]
    assert issued["ReservedConcurrentExecutions"] == 1


def test_in_a_vpc_lambda_may_connect_it_and_it_may_not_itself(scene: Scene) -> None:
    template = scene.template("Users")
    function = only(template, "AWS::Lambda::Function")
    (statements,) = statements_by_handler(template).values()
    network = [each for each in statements if "ec2:" in json.dumps(each["Action"])]

    assert function["Properties"]["VpcConfig"] == {"SecurityGroupIds": ["sg-1"], "SubnetIds": ["subnet-1"]}
    allowed, denied = network
    assert (allowed["Effect"], allowed.get("Condition")) == ("Allow", None)
    assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Null": {"lambda:SourceFunctionArn": "false"}})
    assert allowed["Action"] == denied["Action"]
    assert len(allowed["Action"]) == 6
    (policy,) = (name for name in resources(template, "AWS::IAM::Policy") if "Network" in name)
    assert policy in function["DependsOn"]


@pytest.mark.parametrize("name", ["Token", "Users"])
def test_no_pack_finds_anything_that_is_not_answered(name: str, scene: Scene) -> None:
    found: list[Finding] = [each for each in unacknowledged(scene.findings) if each.path.startswith(f"{name}/")]

    assert [each for each in found if "LogKey" not in each.path] == []
    assert any(each.path.startswith(f"{name}/Rotation/") for each in scene.findings)


def test_only_a_function_in_a_vpc_is_answered_for_its_network(scene: Scene) -> None:
    outside = {each.path.partition("/")[0] for each in scene.findings if "LambdaInsideVPC" in each.rule}
    reasons = {each.reason for each in scene.findings if each.path.endswith("Function/Network/Resource")}

    assert outside == {"Token"}
    assert any("EC2 offers" in (reason or "") for reason in reasons)


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (
            {"content": "a token"},
            "content must be a Content of constructs_lib, got 'a token'",
        ),
        (
            {"content": Supplied.text()},
            "step must be a ServiceStep for what Secrets Manager does not draw, got None",
        ),
        ({"step": "warehouse:Api"}, "step must be a ServiceStep of constructs_lib, got 'warehouse:Api'"),
        ({"network": "vpc-1"}, "network must be a FunctionNetwork of constructs_lib, got 'vpc-1'"),
        ({"alternating": "super"}, "alternating must be an AlternatingUsers of constructs_lib, got 'super'"),
        ({"timeout": cdk.Duration.minutes(16)}, "timeout must be a Duration of 1 to 900 whole seconds, got 16 minutes"),
        ({"operations_key": None}, "operations_key must be a key, such as EncryptionKey(...) or"),
    ],
    ids=["content", "supplied", "step", "network", "alternating", "timeout", "key"],
)
def test_refuses_what_would_not_rotate(told: dict[str, Any], message: str, tmp_path: Path) -> None:
    stack = cdk.Stack(configured_app(tmp_path), "Orders")
    given = {"content": Generated.text(), "operations_key": kms.Key(stack, "LogKey"), **told}

    with pytest.raises(ConfigurationError) as refused:
        RotationFunction(stack, "Rotation", **given)
    assert str(refused.value).startswith(message)
    assert stack.node.try_find_child("Rotation") is None


def test_refuses_alternating_users_without_names_or_without_a_step(tmp_path: Path, step: ServiceStep) -> None:
    stack = cdk.Stack(configured_app(tmp_path), "Orders")
    users = AlternatingUsers(superuser=secretsmanager.Secret(stack, "Super"))
    key = kms.Key(stack, "LogKey")

    with pytest.raises(ConfigurationError, match=r"^step must be a ServiceStep for alternating users, got None$"):
        RotationFunction(stack, "Rotation", content=FIELDS, operations_key=key, alternating=users)
    with pytest.raises(ConfigurationError, match=r"^content must be Generated\.json\(\.\.\.\) or Generated\.database"):
        RotationFunction(stack, "Rotation", content=Generated.text(), operations_key=key, step=step, alternating=users)


def test_refuses_a_superuser_that_is_no_secret() -> None:
    superuser: Any = "arn"

    with pytest.raises(ConfigurationError, match=r"^superuser must be a secret, such as ManagedSecret"):
        AlternatingUsers(superuser=superuser)


def test_a_role_of_the_function_takes_what_the_step_needs(tmp_path: Path, step: ServiceStep) -> None:
    stack = cdk.Stack(configured_app(tmp_path), "Orders")
    rotation = RotationFunction(
        stack, "Rotation", content=Generated.text(), operations_key=kms.Key(stack, "LogKey"), step=step
    )
    kms.Key(stack, "Other").grant_decrypt(rotation.role)

    (statements,) = statements_by_handler(template_of(stack)).values()
    assert "kms:Decrypt" in [each["Action"] for each in statements]


@pytest.mark.parametrize("is_alternating", [False, True])
def test_refuses_to_rotate_another_content_than_it_was_told(step: ServiceStep, *, is_alternating: bool) -> None:
    stack = cdk.Stack(cdk.App(context={"aws:cdk:bundling-stacks": []}), "Orders", env=ENVIRONMENT)
    superuser = secretsmanager.Secret.from_secret_complete_arn(stack, "Super", SUPERUSER)
    alternating = AlternatingUsers(superuser=superuser) if is_alternating else None
    made = RotationFunction(
        stack, "Rotation", content=FIELDS, operations_key=kms.Key(stack, "Key"), step=step, alternating=alternating
    )
    rotation = ByFunction(function=made.function, schedule=RotationSchedule.every(cdk.Duration.days(30)))

    rotation.check(stack, FIELDS)
    with pytest.raises(ConfigurationError, match="content must be what the RotationFunction Orders/Rotation"):
        rotation.check(stack, Generated.text())
    if is_alternating:
        with pytest.raises(ConfigurationError, match="makes, JSON with username, password"):
            rotation.check(stack, Supplied.json("user", "password"))
