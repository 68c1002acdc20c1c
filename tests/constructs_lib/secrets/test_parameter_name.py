"""Names of parameters: what Parameter Store would refuse is refused."""

from typing import Any

import aws_cdk as cdk
import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.parameter_name import checked_parameter_name


@pytest.mark.parametrize("name", ["token", "/token", "/orders/token.v2", "/" + "/".join("abcdefghijklmno"), "a" * 967])
def test_a_name_is_taken_as_it_is(name: str) -> None:
    assert checked_parameter_name(name) == name


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (None, "must be a text, got None"),
        ("", "must be the name of a parameter such as /orders/token, got ''"),
        ("a" * 968, "must be the name of a parameter"),
        ("orders token", "must be the name of a parameter"),
        ("/orders/*", "must be the name of a parameter"),
        ("orders/token", "must be a whole path"),
        ("/orders//token", "must be a whole path"),
        ("/orders/", "must be a whole path"),
        ("/" + "/".join("abcdefghijklmnop"), "must have at most 15 levels, got 16"),
        ("/aws/service/token", "must not begin with aws or ssm"),
        ("SSM-token", "must not begin with aws or ssm"),
        ("arn:aws:ssm:eu-west-1:111122223333:parameter/token", "must be a name of the stack's account"),
        (cdk.Fn.ref("Name"), "must be literal"),
    ],
    ids=lambda value: "token" if "Token" in str(value) else str(value)[:24],
)
def test_refuses_what_is_no_name(name: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^parameter_name {message}"):
        checked_parameter_name(name)
