"""Keys of a trail are symmetric ones of its Region."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from constructs_lib import ExistingKey
from constructs_lib.auditing.key_of_trail import check_keys_of_trail
from constructs_lib.errors import ConfigurationError

ARN = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def test_a_key_of_the_region_or_of_one_that_nobody_knows_is_taken() -> None:
    app = cdk.App()
    here = cdk.Stack(app, "Here", env=cdk.Environment(region="us-east-1"))
    anywhere = cdk.Stack(app, "Anywhere")

    for stack in (here, anywhere):
        check_keys_of_trail(stack, {"encryption_key": kms.Key.from_key_arn(stack, "Far", ARN)})
    check_keys_of_trail(here, {"encryption_key": kms.Key(anywhere, "Key")})


def test_refuses_a_key_of_another_region() -> None:
    stack = cdk.Stack(cdk.App(), "Here", env=cdk.Environment(region="eu-west-1"))

    with pytest.raises(
        ConfigurationError, match=r"^operations_key must be in eu-west-1, the Region of .* in us-east-1$"
    ):
        check_keys_of_trail(stack, {"operations_key": kms.Key.from_key_arn(stack, "Far", ARN)})


@pytest.mark.parametrize(
    "make",
    [
        lambda stack: ExistingKey.from_alias(stack, "Managed", alias="aws/s3"),
        lambda stack: kms.Alias.from_alias_name(stack, "Managed", "alias/aws/s3"),
    ],
    ids=["of this library", "of the CDK"],
)
def test_refuses_a_key_that_aws_manages(make: Callable[[cdk.Stack], kms.IKey]) -> None:
    stack = cdk.Stack(cdk.App(), "Here")

    with pytest.raises(ConfigurationError, match=r"^encryption_key must be a key of yours, .*got Here/Managed, which"):
        check_keys_of_trail(stack, {"encryption_key": make(stack)})


def test_refuses_a_key_that_makes_no_data_keys() -> None:
    stack = cdk.Stack(cdk.App(), "Here")
    signing = kms.Key(stack, "Key", key_spec=kms.KeySpec.RSA_2048, key_usage=kms.KeyUsage.SIGN_VERIFY)

    with pytest.raises(ConfigurationError, match=r"^encryption_key must be a symmetric encryption key, got Here/Key "):
        check_keys_of_trail(stack, {"encryption_key": signing})
