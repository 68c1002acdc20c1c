from typing import Any

import aws_cdk as cdk
import pytest

from constructs_lib.alias_name import full_alias_name
from constructs_lib.errors import ConfigurationError


@pytest.mark.parametrize(
    "alias", ["a", "x" * 250, "team/orders_1-2:3", "aws", "awsome/x", "AWSX", "my/aws/x", "my/alias/x"]
)
def test_a_name_that_kms_takes_gets_its_prefix(alias: str) -> None:
    assert full_alias_name(alias) == f"alias/{alias}"


def test_a_token_is_taken_as_it_is() -> None:
    assert full_alias_name(f"{cdk.Aws.STACK_NAME}.x") == f"alias/{cdk.Aws.STACK_NAME}.x"


@pytest.mark.parametrize(
    "alias", ["", "x" * 251, "aws/x", "Aws/x", "alias/x", "a.b", "a b", "a\n", "ä", "*", "${x}", 7, None]
)
def test_refuses_a_name_that_kms_refuses(alias: Any) -> None:
    with pytest.raises(ConfigurationError) as refused:
        full_alias_name(alias)
    assert str(refused.value) == (
        "alias must be 1 to 250 letters, digits and :/_- without the prefix alias/ and not begin with aws/, "
        f"got {alias!r}"
    )
