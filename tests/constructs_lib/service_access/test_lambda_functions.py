"""What functions need from a key policy."""

from collections.abc import Callable

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.service_access import lambda_functions
from constructs_lib.service_access.service_use import ServiceUse

FUNCTION = "arn:${AWS::Partition}:lambda:eu-west-1:111122223333:function:resize"
VERSIONS = "arn:${AWS::Partition}:lambda:eu-west-1:111122223333:function:resize:*"


def test_encrypt_environment_gives_exactly_this() -> None:
    use = lambda_functions.encrypt_environment()
    assert use.statements() == ()
    assert use.creator == "lambda"


def test_encrypt_package_gives_exactly_this() -> None:
    use = lambda_functions.encrypt_package(function_name="resize", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "LambdaPackagesb5b239",
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {"StringLike": {"kms:EncryptionContext:aws:lambda:FunctionArn": [FUNCTION, VERSIONS]}},
        }
    ]
    assert use.creator == "lambda"


@pytest.mark.parametrize(
    ("function", "arguments", "argument"),
    [
        (lambda_functions.encrypt_package, {"function_name": "*"}, "function_name"),
        (lambda_functions.encrypt_package, {"function_name": ""}, "function_name"),
        (lambda_functions.encrypt_package, {"function_name": "a b:c"}, "function_name"),
        (lambda_functions.encrypt_package, {"function_name": "resize", "region": "Ireland"}, "region"),
        (lambda_functions.encrypt_package, {"function_name": "resize", "account": "1111"}, "account"),
    ],
)
def test_refuses_what_names_nothing_or_everything(
    function: Callable[..., ServiceUse], arguments: dict[str, str], argument: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be "):
        function(**arguments)
