"""Rotation by a function: the schedule, and who may invoke the function."""

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.contents import Generated
from constructs_lib.secrets.rotation import ByFunction, Rotation, WhenChanged
from constructs_lib.secrets.rotation_schedule import RotationSchedule
from tests.conftest import configured_app
from tests.support.findings import COLLECT_ONLY, add_packs, collect_findings
from tests.support.synthesised import only, resources, template_of, written

MONTHLY = RotationSchedule.every(cdk.Duration.days(30), window=cdk.Duration.hours(2))
ELSEWHERE = "arn:aws:lambda:eu-central-1:444455556666:function:rotate"


@pytest.fixture
def stack(tmp_path: Path) -> cdk.Stack:
    env = cdk.Environment(account="111122223333", region="eu-central-1")
    return cdk.Stack(configured_app(tmp_path), "Orders", env=env)


def function_in(scope: Construct) -> lambda_.Function:
    code = lambda_.Code.from_inline("def handle(event, context): ...")
    return lambda_.Function(scope, "Function", code=code, handler="index.handle", runtime=lambda_.Runtime.PYTHON_3_13)


def attach(scope: Construct, construct_id: str, rotation: Rotation) -> secretsmanager.CfnRotationSchedule:
    secret = secretsmanager.CfnSecret(scope, construct_id)
    key = kms.Key.from_key_arn(secret, "Key", "arn:aws:kms:eu-central-1:111122223333:key/1")
    return rotation.attach(secret, secret_arn=secret.ref, encryption_key=key, content=Generated.text())


def test_secrets_manager_invokes_the_function_for_secrets_of_this_account_alone(stack: cdk.Stack) -> None:
    rotation = ByFunction(function=function_in(stack), schedule=MONTHLY)
    for name in ("One", "Two"):
        attach(stack, name, rotation)

    template = template_of(stack)

    permission = written(only(template, "AWS::Lambda::Permission")["Properties"])
    (function,) = resources(template, "AWS::Lambda::Function")
    assert permission == {
        "Action": "lambda:InvokeFunction",
        "FunctionName": f"${{{function}.Arn}}",
        "Principal": "secretsmanager.amazonaws.com",
        "SourceAccount": "111122223333",
    }


def test_the_schedule_waits_for_the_permission_and_the_functions_role(stack: cdk.Stack) -> None:
    rotation = ByFunction(function=function_in(stack), schedule=MONTHLY, when_changed=WhenChanged.WAIT_FOR_THE_WINDOW)
    attach(stack, "Secret", rotation)

    template = template_of(stack)
    schedule = only(template, "AWS::SecretsManager::RotationSchedule")

    assert written(schedule["Properties"]) == {
        "RotateImmediatelyOnUpdate": False,
        "RotationLambdaARN": f"${{{next(iter(resources(template, 'AWS::Lambda::Function')))}.Arn}}",
        "RotationRules": {"Duration": "2h", "ScheduleExpression": "rate(30 days)"},
        "SecretId": "${Secret}",
    }
    assert set(resources(template, "AWS::Lambda::Permission")) < set(schedule["DependsOn"])
    assert set(resources(template, "AWS::IAM::Role")) < set(schedule["DependsOn"])


def test_the_role_of_the_function_is_who_rotates(stack: cdk.Stack) -> None:
    function = function_in(stack)
    rotation = ByFunction(function=function, schedule=MONTHLY)

    assert isinstance(rotation, Rotation)
    assert rotation.grantee is function
    assert rotation.hosted_function_arn(stack) is None


def test_with_a_function_of_another_stack_the_schedule_is_there_so_that_neither_waits_for_the_other(
    tmp_path: Path,
) -> None:
    app = configured_app(tmp_path, **COLLECT_ONLY)
    env = cdk.Environment(account="111122223333", region="eu-central-1")
    there, here = (cdk.Stack(app, name, env=env) for name in ("Functions", "Orders"))
    function = function_in(there)
    schedules = [attach(here, name, ByFunction(function=function, schedule=MONTHLY)) for name in ("One", "Two")]
    # What a secret grants the role of a function that rotates it.
    secret: Any = here.node.find_child("One")
    function.add_to_role_policy(iam.PolicyStatement(actions=["secretsmanager:PutSecretValue"], resources=[secret.ref]))
    add_packs(app)

    findings = [each for each in collect_findings(app) if each.path.startswith("Orders/") and "Rotat" in each.rule]

    assert {cdk.Stack.of(schedule) for schedule in schedules} == {there}
    assert findings
    assert {each.reason for each in findings} == {"The rotation schedule is with the function, in the stack Functions."}


def schedules_of(app: cdk.App, function_id: str) -> dict[str, Any]:
    env = cdk.Environment(account="111122223333", region="eu-central-1")
    there, here = (cdk.Stack(app, name, env=env) for name in ("Functions", "Orders"))
    rotation = ByFunction(function=function_in(Construct(there, function_id)), schedule=MONTHLY)
    for name in ("One", "Two"):
        attach(here, name, rotation)
    return resources(template_of(there), "AWS::SecretsManager::RotationSchedule")


def test_a_renamed_function_of_another_stack_leaves_each_schedule_where_it_was(tmp_path: Path) -> None:
    before, after = (schedules_of(configured_app(tmp_path / name), name) for name in ("Old", "New"))

    assert set(before) == set(after)
    functions = [
        {written(each["Properties"]["RotationLambdaARN"]) for each in all_.values()} for all_ in (before, after)
    ]
    assert [len(each) for each in functions] == [1, 1]
    assert functions[0] != functions[1]


def test_refuses_a_function_of_another_region(tmp_path: Path) -> None:
    app = configured_app(tmp_path)
    here, there, somewhere = (
        cdk.Stack(app, name, env=cdk.Environment(account="111122223333", region=region))
        for name, region in (("Orders", "eu-central-1"), ("Functions", "eu-west-1"), ("Somewhere", None))
    )
    content = Generated.text()

    for known in (here, somewhere):
        ByFunction(function=function_in(known), schedule=MONTHLY).check(here, content)
    rotation = ByFunction(function=function_in(there), schedule=MONTHLY)
    with pytest.raises(ConfigurationError) as refused:
        rotation.check(here, content)
    assert str(refused.value) == (
        "function must be in eu-central-1, where the secret is, got Functions/Function in eu-west-1"
    )


def test_the_owner_of_a_function_elsewhere_is_told_what_to_permit(stack: cdk.Stack) -> None:
    role = iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::444455556666:role/rotate")
    far = lambda_.Function.from_function_attributes(stack, "Far", function_arn=ELSEWHERE, role=role)
    attach(stack, "Secret", ByFunction(function=far, schedule=MONTHLY))

    assert resources(template_of(stack), "AWS::Lambda::Permission") == {}
    secret: Any = stack.node.find_child("Secret")
    messages = json.dumps([entry.data for entry in secret.node.metadata])
    assert "must let secretsmanager.amazonaws.com invoke it with this account as aws:SourceAccount" in messages


def test_refuses_an_imported_function_without_its_role(stack: cdk.Stack) -> None:
    far = lambda_.Function.from_function_arn(stack, "Far", ELSEWHERE)

    with pytest.raises(ConfigurationError, match=r"function must have a role.*from_function_attributes.*Orders/Far"):
        ByFunction(function=far, schedule=MONTHLY)


@pytest.mark.parametrize(
    ("argument", "value", "message"),
    [
        ("function", "rotate", "function must be a function, such as RotationFunction(...).function, got 'rotate'"),
        ("schedule", "rate(1 day)", "schedule must be a RotationSchedule of constructs_lib, got 'rate(1 day)'"),
        ("when_changed", True, "when_changed must be a WhenChanged of constructs_lib, got True"),
    ],
)
def test_refuses_what_is_no_rotation(argument: str, value: Any, message: str, stack: cdk.Stack) -> None:
    told = {"function": function_in(stack), "schedule": MONTHLY, argument: value}

    with pytest.raises(ConfigurationError) as refused:
        ByFunction(**told)
    assert str(refused.value) == message
