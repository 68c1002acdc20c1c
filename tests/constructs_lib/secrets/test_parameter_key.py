"""The key of a parameter: which keys it may be. Who is admitted to it is tested with the parameter."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from constructs_lib.encryption_key import EncryptionKey
from constructs_lib.errors import ConfigurationError
from constructs_lib.existing_key import ExistingKey
from constructs_lib.mac_key import MacKey
from constructs_lib.secrets.parameter_key import check_parameter_key
from tests.support.l2_positions import IRELAND
from tests.support.synthesised import app_of

KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.fixture
def stack(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=IRELAND)


TAKEN: dict[str, Callable[[cdk.Stack], kms.IKey]] = {
    "ours": lambda stack: EncryptionKey(stack, "Key", alias="orders"),
    "by alias": lambda stack: ExistingKey.from_alias(stack, "Key", alias="orders"),
    "of the CDK": lambda stack: kms.Key(stack, "Key"),
    "alias of the CDK": lambda stack: kms.Key(stack, "Key").add_alias("orders"),
    "imported": lambda stack: kms.Key.from_key_arn(stack, "Key", KEY_ARN),
}


@pytest.mark.parametrize("case", TAKEN)
def test_a_key_on_which_something_can_be_granted_is_taken(case: str, stack: cdk.Stack) -> None:
    check_parameter_key(stack, TAKEN[case](stack))


def virginian(stack: cdk.Stack) -> kms.IKey:
    there = cdk.Stack(app_of(stack), "V", env=cdk.Environment(account=IRELAND.account, region="us-east-1"))
    return EncryptionKey(there, "Key", alias="orders")


KEYS: dict[str, tuple[Callable[[cdk.Stack], Any], str]] = {
    "none": (lambda stack: None, "must be the key under which the value was put with --key-id, got None"),  # noqa: ARG005
    "text": (lambda stack: KEY_ARN, "must be a key, such as"),  # noqa: ARG005
    "of AWS": (
        lambda stack: ExistingKey.from_alias(stack, "Key", alias="alias/aws/ssm"),
        "must be a key of your own, got an AWS managed key",
    ),
    "of AWS by the CDK": (
        lambda stack: kms.Alias.from_alias_name(stack, "Key", "alias/aws/ssm"),
        "must be a key of your own, got an AWS managed key",
    ),
    "alias": (
        lambda stack: kms.Alias.from_alias_name(stack, "Key", "alias/orders"),
        r"must be ExistingKey\.from_alias",
    ),
    "MAC": (lambda stack: MacKey(stack, "Key", alias="orders"), "must be a symmetric encryption key"),
    "other Region": (virginian, "must be in eu-west-1, the Region of the parameter, got V/Key in us-east-1"),
}


@pytest.mark.parametrize("case", KEYS)
def test_refuses_a_key_on_which_nothing_can_be_granted(case: str, stack: cdk.Stack) -> None:
    make, message = KEYS[case]
    with pytest.raises(ConfigurationError, match=f"^encryption_key {message}"):
        check_parameter_key(stack, make(stack))
