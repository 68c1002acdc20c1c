"""The function that Secrets Manager invokes: what policies call it, and a version of it."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.rotating_function import arns_in_policies, check_unversioned, let_secrets_manager_invoke
from tests.support.synthesised import only, template_of, written

VERSION = "arn:aws:lambda:eu-central-1:111122223333:function:rotate:7"


@pytest.fixture
def stacks() -> tuple[cdk.Stack, cdk.Stack]:
    app, env = cdk.App(), cdk.Environment(account="111122223333", region="eu-central-1")
    return cdk.Stack(app, "Functions", env=env), cdk.Stack(app, "Orders", env=env)


def function_in(scope: Construct, **told: Any) -> lambda_.Function:  # settings of lambda_.Function
    code = lambda_.Code.from_inline("def handle(event, context): ...")
    runtime = lambda_.Runtime.PYTHON_3_13
    return lambda_.Function(scope, "Function", code=code, handler="index.handle", runtime=runtime, **told)


def alias_in(scope: Construct) -> lambda_.Alias:
    version = function_in(scope, function_name="rotate").current_version  # a name
    return lambda_.Alias(scope, "Alias", alias_name="live", version=version)


def test_policies_of_another_stack_call_an_alias_by_both_names(stacks: tuple[cdk.Stack, cdk.Stack]) -> None:
    functions, orders = stacks
    alias = alias_in(functions)

    here, by_name = arns_in_policies(alias, functions)
    elsewhere = arns_in_policies(alias, orders)

    whole = "arn:${AWS::Partition}:lambda:eu-central-1:111122223333:function:rotate:live"
    assert here == alias.function_arn
    assert written(functions.resolve(by_name)) == whole
    assert [written(orders.resolve(each)) for each in elsewhere] == [whole, whole]


def test_secrets_manager_invokes_an_alias_by_its_own_policy(stacks: tuple[cdk.Stack, cdk.Stack]) -> None:
    functions, _ = stacks
    alias = alias_in(functions)

    first, second = (let_secrets_manager_invoke(alias, functions) for _ in range(2))

    assert first.node.path == second.node.path
    permission = only(template_of(functions), "AWS::Lambda::Permission")["Properties"]
    assert functions.resolve(alias.function_arn) == permission["FunctionName"]
    assert permission["SourceAccount"] == "111122223333"


@pytest.mark.parametrize(
    "version",
    [
        lambda stack: function_in(stack).current_version,
        lambda stack: lambda_.Version.from_version_arn(stack, "Imported", VERSION),
        lambda stack: lambda_.Function.from_function_arn(stack, "Imported", VERSION),
    ],
    ids=["current", "imported", "by its ARN"],
)
def test_refuses_a_version_since_each_change_of_the_code_makes_another(
    version: Callable[[cdk.Stack], lambda_.IFunction], stacks: tuple[cdk.Stack, cdk.Stack]
) -> None:
    functions, _ = stacks

    check_unversioned(alias_in(functions))
    with pytest.raises(
        ConfigurationError, match=r"^function must be a function or an alias .*, got the version Orders/"
    ):
        check_unversioned(version(stacks[1]))
