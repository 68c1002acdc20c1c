"""Where a rotation function may stand."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.rotating_stack import check_stacks


def _function(stack: cdk.Stack) -> lambda_.Function:
    code = lambda_.Code.from_inline("def rotate(event, context): pass")
    return lambda_.Function(stack, "Rotate", runtime=lambda_.Runtime.PYTHON_3_13, handler="index.rotate", code=code)


def test_secret_key_and_function_stand_where_no_cycle_is() -> None:
    app = cdk.App()
    home, other = cdk.Stack(app, "Home"), cdk.Stack(app, "Other")
    secret, key, function = cdk.Resource(home, "Secret"), kms.Key(home, "Key"), _function(other)
    imported = lambda_.Function.from_function_arn(
        other, "Imported", "arn:aws:lambda:eu-west-1:111122223333:function:rotate"
    )

    check_stacks(secret, key, None)
    check_stacks(secret, key, _function(home))
    check_stacks(secret, key, imported)
    check_stacks(secret, kms.Key(other, "Key"), function)
    with pytest.raises(
        ConfigurationError, match="rotation must name a function in the stack of the secret, or the key"
    ):
        check_stacks(secret, key, function)
