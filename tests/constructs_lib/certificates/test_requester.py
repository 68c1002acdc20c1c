from typing import Any

import pytest

from constructs_lib.certificates.requester import Requester
from constructs_lib.errors import ConfigurationError


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"account": "1111"}, "account must be the 12 digits of an account, got '1111'"),
        ({"role_name": "*"}, "role_name must be the whole name of a role, .* got '\\*'"),
        ({"role_name": "Shop-Request*"}, "role_name must be the whole name of a role, .* got 'Shop-Request\\*'"),
        ({"role_name": "Shop-Reques?"}, "role_name must be the whole name of a role"),
        ({"role_name": "Shop-${aws:username}"}, "role_name must be the whole name of a role"),
        ({"role_name": "team/role"}, "role_name must be the whole name of a role"),
        ({"role_name": "a" * 65}, "role_name must be the whole name of a role"),
        ({"role_name": None}, "role_name must be the whole name of a role, .* got None"),
    ],
    ids=["short", "any role", "a beginning", "one letter", "a variable", "a path", "long", "none"],
)
def test_refuses_whom_no_trust_policy_should_name(told: dict[str, Any], why: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{why}"):
        Requester(**{"account": "111122223333", "role_name": "Shop-Request", **told})
