"""What reading and writing a SecureString parameter needs from a key policy."""

from collections.abc import Callable

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Principal
from constructs_lib.service_access import parameter_store
from constructs_lib.service_access.service_use import ServiceUse

WORKER = "arn:aws:iam::111122223333:role/Worker"
CONDITION = {
    "StringEquals": {
        "kms:EncryptionContext:PARAMETER_ARN": (
            "arn:${AWS::Partition}:ssm:eu-west-1:111122223333:parameter/orders/token"
        ),
        "kms:ViaService": "ssm.eu-west-1.amazonaws.com",
    }
}
FUNCTIONS = (parameter_store.read_parameter, parameter_store.write_parameter)


def test_read_parameter_gives_exactly_this() -> None:
    use = parameter_store.read_parameter(parameter_name="/orders/token", region="eu-west-1", account="111122223333")
    (statement,) = [each.render() for each in use.statements([Principal.by_arn(WORKER)])]
    assert statement.pop("Sid").startswith("ParameterReaders")
    assert statement == {
        "Effect": "Allow",
        "Principal": {"AWS": WORKER},
        "Action": "kms:Decrypt",
        "Resource": "*",
        "Condition": CONDITION,
    }


def test_write_parameter_gives_exactly_this() -> None:
    use = parameter_store.write_parameter(parameter_name="/orders/token", region="eu-west-1", account="111122223333")
    (statement,) = [each.render() for each in use.statements([Principal.by_arn(WORKER)])]
    assert statement.pop("Sid").startswith("ParameterWriters")
    assert statement == {
        "Effect": "Allow",
        "Principal": {"AWS": WORKER},
        "Action": ["kms:Encrypt", "kms:GenerateDataKey"],
        "Resource": "*",
        "Condition": CONDITION,
    }


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_name_without_a_path_has_a_slash_in_its_arn(function: Callable[..., ServiceUse]) -> None:
    use = function(parameter_name="token", region="eu-west-1", account="111122223333")

    (statement,) = use.statements([Principal.by_arn(WORKER)])
    context = statement.render()["Condition"]["StringEquals"]["kms:EncryptionContext:PARAMETER_ARN"]
    assert context == "arn:${AWS::Partition}:ssm:eu-west-1:111122223333:parameter/token"


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"parameter_name": "*"}, "parameter_name"),
        ({"parameter_name": "/*"}, "parameter_name"),
        ({"parameter_name": ""}, "parameter_name"),
        ({"parameter_name": "a b:c"}, "parameter_name"),
        ({"parameter_name": "orders", "region": "Ireland"}, "region"),
        ({"parameter_name": "orders", "account": "1111"}, "account"),
    ],
)
def test_refuses_what_names_nothing_or_everything(
    function: Callable[..., ServiceUse], arguments: dict[str, str], argument: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be "):
        function(**arguments)
