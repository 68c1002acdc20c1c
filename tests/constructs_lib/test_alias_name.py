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


def test_a_prefix_is_taken_once() -> None:
    assert full_alias_name("alias/team/orders") == "alias/team/orders"


@pytest.mark.parametrize("partition", ["aws", cdk.Aws.PARTITION], ids=["literal", "token"])
@pytest.mark.parametrize("end", ["alias/orders", "key/1234abcd-12ab-34cd-56ef-1234567890ab"])
def test_refuses_an_arn(partition: str, end: str) -> None:
    arn = f"arn:{partition}:kms:eu-west-1:111122223333:{end}"
    with pytest.raises(ConfigurationError) as refused:
        full_alias_name(arn)
    assert str(refused.value) == (
        f"alias must be a name such as orders, which has no account and no Region, got {arn!r}"
    )


def test_a_token_is_taken_as_it_is() -> None:
    assert full_alias_name(f"{cdk.Aws.STACK_NAME}.x") == f"alias/{cdk.Aws.STACK_NAME}.x"


@pytest.mark.parametrize(
    "alias",
    [
        "",
        "x" * 251,
        "aws/x",
        "Aws/x",
        "alias/",
        "alias/aws/x",
        "alias/alias/x",
        "a.b",
        "a b",
        "a\n",
        "ä",
        "*",
        "${x}",
        7,
        None,
    ],
)
def test_refuses_a_name_that_kms_refuses(alias: Any) -> None:
    with pytest.raises(ConfigurationError) as refused:
        full_alias_name(alias)
    assert str(refused.value) == (
        f"alias must be 1 to 250 letters, digits and :/_- beside a prefix alias/ and not begin with aws/, got {alias!r}"
    )
