"""Who rotates a secret, as the secret tells it to whoever watches."""

from typing import cast

import aws_cdk as cdk
import pytest
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.secrets.contents import DatabaseEngine, Generated
from constructs_lib.secrets.hosted import Hosted
from constructs_lib.secrets.rotation import ByFunction
from constructs_lib.secrets.rotation_schedule import RotationSchedule
from constructs_lib.wiring.rotated_secret import TellsRotation
from tests.support.secret_stack import secret_of

SCHEDULE = RotationSchedule.every(cdk.Duration.days(30))
ENVIRONMENT = cdk.Environment(account="111122223333", region="eu-west-1")


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Orders", env=ENVIRONMENT)


def _by_function(scope: cdk.Stack) -> ByFunction:
    function = lambda_.Function(
        scope,
        "Rotate",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): pass"),
    )
    return ByFunction(function=function, schedule=SCHEDULE)


def test_a_role_of_the_stack_is_told_by_its_arn(stack: cdk.Stack) -> None:
    secret = secret_of(stack, rotation=_by_function(stack))

    assert isinstance(secret, TellsRotation)
    assert [stack.resolve(each) for each in secret.rotated_by or ()] == [
        {"Fn::GetAtt": ["RotateServiceRole90A3FDBF", "Arn"]}
    ]


def test_a_role_of_another_stack_is_told_by_name_so_that_nothing_refers_to_it(stack: cdk.Stack) -> None:
    other = cdk.Stack(cast("cdk.App", stack.node.root), "Other", env=ENVIRONMENT)

    (role,) = secret_of(stack, rotation=_by_function(other)).rotated_by or ()

    assert stack.resolve(role)["Fn::Join"][1][-1].startswith(":iam::111122223333:role/ServiceRole-")
    assert "GetAtt" not in str(stack.resolve(role))


def test_nobody_and_a_role_that_nobody_knows_are_told_apart(stack: cdk.Stack) -> None:
    content = Generated.database(engine=DatabaseEngine.POSTGRES, username="app")
    hosted = Hosted(engine=DatabaseEngine.POSTGRES, function_name="rotate-orders", schedule=SCHEDULE)

    assert secret_of(stack, "Still").rotated_by == ()
    assert secret_of(stack, "Hosted", content=content, rotation=hosted).rotated_by is None
    assert not isinstance(secretsmanager.Secret(stack, "Other"), TellsRotation)
