"""A SecureString that exists: whoever is granted it may use it and its key, and nothing else."""

import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib.encryption_key import EncryptionKey
from constructs_lib.errors import ConfigurationError
from constructs_lib.existing_key import ExistingKey
from constructs_lib.secure_parameter import SecureParameter
from tests.support.announcements import announcements
from tests.support.l2_positions import IRELAND
from tests.support.synthesised import app_of, key_statements, only, template_of, written

MakeApp = Callable[..., cdk.App]
ARN = "arn:aws:ssm:eu-west-1:111122223333:parameter/orders/token"
THROUGH = {"kms:EncryptionContext:PARAMETER_ARN": ARN, "kms:ViaService": "ssm.eu-west-1.amazonaws.com"}
SOMEBODY = "arn:aws:iam::111122223333:role/somebody"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=IRELAND)


def role(scope: cdk.Stack, construct_id: str = "Role") -> iam.Role:
    return iam.Role(scope, construct_id, assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))


def of_own_key(stack: cdk.Stack) -> SecureParameter:
    key = EncryptionKey(stack, "Key", alias="orders", services=[])
    return SecureParameter.from_name(stack, "Token", parameter_name="/orders/token", encryption_key=key)


def in_iam(template: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the statements of the one IAM policy of a template."""
    found: list[dict[str, Any]] = written(only(template, "AWS::IAM::Policy")["Properties"]["PolicyDocument"])[
        "Statement"
    ]
    return sorted(found, key=str)


def of_parameter(template: dict[str, Any]) -> dict[str, Any]:
    """Give the statements of the key's policy that are about the parameter."""
    return {sid: each for sid, each in key_statements(template).items() if "PARAMETER_ARN" in json.dumps(each)}


@pytest.mark.parametrize(
    ("grant", "of_parameter_store", "of_kms"),
    [
        ("grant_read", ["ssm:GetParameter", "ssm:GetParameters"], "kms:Decrypt"),
        ("grant_write", "ssm:PutParameter", ["kms:Encrypt", "kms:GenerateDataKey"]),
    ],
)
def test_a_grant_is_exact_in_iam_and_in_the_key_policy(
    grant: str, of_parameter_store: object, of_kms: object, stack: cdk.Stack
) -> None:
    parameter = of_own_key(stack)

    granted = getattr(parameter, grant)(role(stack))

    template = template_of(stack)
    condition = {"StringEquals": THROUGH}
    assert granted.success
    (of_ssm,) = [each for each in in_iam(template) if each["Action"] == of_parameter_store]
    assert of_ssm == {"Effect": "Allow", "Action": of_parameter_store, "Resource": ARN}
    (of_key,) = [each for each in in_iam(template) if each["Action"] == of_kms]
    assert of_key["Condition"] == condition
    assert of_key["Resource"].startswith("${Key")
    (admitted,) = of_parameter(template).values()
    assert (admitted["Action"], admitted["Condition"]) == (of_kms, condition)
    assert admitted["Principal"]["AWS"].startswith("${Role")
    assert len(in_iam(template)) == 2


def test_a_role_of_another_stack_is_granted_without_a_reference_between_the_stacks(make_app: MakeApp) -> None:
    app = make_app()
    stack, other = (cdk.Stack(app, name, env=IRELAND) for name in ("S", "W"))
    parameter = of_own_key(stack)

    parameter.grant_read(role(other))

    (admitted,) = of_parameter(template_of(stack)).values()
    assert admitted["Condition"]["ArnEquals"]["aws:PrincipalArn"].startswith("arn:aws:iam::111122223333:")
    assert ["ssm:GetParameter", "ssm:GetParameters"] in [each["Action"] for each in in_iam(template_of(other))]
    assert stack.dependencies == []


def test_a_task_gets_it_as_a_secret_by_its_execution_role_alone(stack: cdk.Stack) -> None:
    parameter = of_own_key(stack)
    task = ecs.FargateTaskDefinition(stack, "Task", execution_role=role(stack, "Execution"))
    task.add_container(
        "App",
        image=ecs.ContainerImage.from_registry("public.ecr.aws/docker/library/busybox"),
        secrets={"TOKEN": ecs.Secret.from_ssm_parameter(parameter)},
    )

    template = template_of(stack)

    (container,) = only(template, "AWS::ECS::TaskDefinition")["Properties"]["ContainerDefinitions"]
    assert written(container["Secrets"]) == [{"Name": "TOKEN", "ValueFrom": ARN}]
    (admitted,) = of_parameter(template).values()
    assert admitted["Principal"]["AWS"].startswith("${Execution")
    assert [each["Action"] for each in in_iam(template)] == ["kms:Decrypt", ["ssm:GetParameter", "ssm:GetParameters"]]


def test_what_the_cdk_asks_of_a_parameter_is_answered(stack: cdk.Stack) -> None:
    parameter = of_own_key(stack)

    assert parameter.parameter_type == "SecureString"
    assert parameter.parameter_ref.parameter_name == "/orders/token"
    assert parameter.parameter_ref.parameter_arn == parameter.parameter_arn


@pytest.mark.parametrize("alias", [False, True], ids=["key", "alias"])
def test_the_policy_of_a_key_of_the_cdk_leaves_it_to_iam(alias: bool, stack: cdk.Stack) -> None:  # noqa: FBT001
    key = kms.Key(stack, "Key")
    named = key.add_alias("orders") if alias else key
    parameter = SecureParameter.from_name(stack, "Token", parameter_name="/orders/token", encryption_key=named)

    parameter.grant_read(role(stack))

    (of_key,) = [each for each in in_iam(template_of(stack)) if each["Action"] == "kms:Decrypt"]
    assert of_key["Condition"] == {"StringEquals": THROUGH}
    assert of_key["Resource"].startswith("${Key")


def test_the_owner_of_an_imported_key_is_told_what_to_add(stack: cdk.Stack) -> None:
    key = kms.Key.from_key_arn(stack, "Key", KEY_ARN)
    parameter = SecureParameter.from_name(stack, "Token", parameter_name="token", encryption_key=key)

    parameter.grant_read(iam.ArnPrincipal(SOMEBODY))

    (told,) = announcements(app_of(stack).synth().directory, "S", "warning")
    statement = json.loads(told[told.index("{") :].partition(" [ack")[0])
    assert statement["Principal"] == {"AWS": SOMEBODY}
    assert statement["Action"] == ["kms:Decrypt"]
    assert statement["Condition"]["StringEquals"]["kms:EncryptionContext:PARAMETER_ARN"].endswith(":parameter/token")


def test_a_key_that_exists_tells_its_owner_itself(stack: cdk.Stack) -> None:
    key = ExistingKey.from_alias(stack, "Key", alias="orders")
    parameter = SecureParameter.from_name(stack, "Token", parameter_name="/orders/token", encryption_key=key)

    parameter.grant_read(role(stack))

    template = template_of(stack)
    (of_key,) = [each for each in in_iam(template) if each["Action"] == "kms:Decrypt"]
    assert of_key["Condition"]["ForAnyValue:StringEquals"] == {"kms:ResourceAliases": "alias/orders"}
    assert of_key["Condition"]["StringEquals"] == THROUGH


def test_what_cannot_be_written_into_iam_is_announced(stack: cdk.Stack) -> None:
    granted = of_own_key(stack).grant_read(iam.ArnPrincipal(SOMEBODY))

    told = announcements(app_of(stack).synth().directory, "S", "info")
    assert not granted.success
    assert any(f"policies of {SOMEBODY} cannot be written from here" in each and ARN in each for each in told)


def test_the_conditions_of_a_grantee_hold_for_the_parameter_as_for_its_key(stack: cdk.Stack) -> None:
    mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}

    of_own_key(stack).grant_read(iam.PrincipalWithConditions(role(stack), mfa))

    template = template_of(stack)
    assert [each["Condition"]["Bool"] for each in [*in_iam(template), *of_parameter(template).values()]] == (
        [mfa["Bool"]] * 3
    )


def test_refuses_names_keys_and_grantees_before_the_cdk_sees_them(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^parameter_name must be a whole path"):
        SecureParameter.from_name(stack, "Name", parameter_name="orders/token", encryption_key=kms.Key(stack, "Named"))
    with pytest.raises(ConfigurationError, match=r"^encryption_key must be the key under which"):
        SecureParameter.from_name(stack, "Keyless", parameter_name="token", encryption_key=None)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match=r"^\[S/Token\] grantee must be a role or a user"):
        of_own_key(stack).grant_read(iam.ServicePrincipal("ecs.amazonaws.com"))
