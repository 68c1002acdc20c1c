"""A function whose role nobody can name, as policies know it."""

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.hosted_function import HostedFunction

ROLES = "arn:aws:iam::111122223333:role/Orders-*"


def test_it_is_known_by_its_session_and_its_role_together() -> None:
    function = HostedFunction(arn="arn:aws:lambda:eu-west-1:111122223333:function:RotateOrders", roles=ROLES)

    assert function.conditions == {
        "ArnLike": {"aws:PrincipalArn": ROLES},
        "StringLike": {"aws:userid": "AROA*:RotateOrders"},
    }


@pytest.mark.parametrize(
    "arn",
    [
        "RotateOrders",
        "arn:aws:lambda:eu-west-1:111122223333:function:Rotate*",
        "arn:aws:lambda:eu-west-1:111122223333:function:Rotate:1",
        "arn:aws:lambda:eu-west-1:111122223333:function:",
        "arn:aws:iam::111122223333:role/Rotate",
    ],
)
def test_refuses_what_is_no_function(arn: str) -> None:
    with pytest.raises(ConfigurationError, match="must be"):
        HostedFunction(arn=arn, roles=ROLES)
