"""Keys are given in a sequence, or by the alias that people know."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.named_keys import NamedKey, named_keys


@pytest.fixture(scope="module")
def key() -> kms.IKey:
    return kms.Key(cdk.Stack(cdk.App(analytics_reporting=False), "Orders"), "Key")


def test_keys_of_a_sequence_have_a_place_and_those_of_a_mapping_an_alias(key: kms.IKey) -> None:
    assert list(named_keys([key])) == [NamedKey("keys[0]", None, key)]
    assert list(named_keys({"orders": key})) == [NamedKey("keys['orders']", "alias/orders", key)]


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        (None, "keys must be a sequence of keys, or a mapping of alias to key, got None"),
        ("orders", "keys must be a sequence of keys, or a mapping of alias to key, got 'orders'"),
        ({3: "key"}, "keys must be named by aliases, got 3"),
        ({cdk.Aws.STACK_NAME: "key"}, r"keys\['.*'\] must have a literal alias, which a person reads, got .*"),
        ({"aws/s3": "key"}, "alias must be 1 to 250 letters, .* got 'aws/s3'"),
    ],
)
def test_refuses_keys_that_nobody_can_name(given: Any, refused: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{refused}$"):
        list(named_keys(given))
