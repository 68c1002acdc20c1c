"""What is given for keys and buckets, and where it is."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from constructs_lib import ConfigurationError, EncryptionKey, ExistingKey, MacKey, SigningKey
from constructs_lib.wiring.given_resources import check_region, check_symmetric_keys

ARN = "arn:aws:kms:{}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.fixture
def stack(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "Orders", env=cdk.Environment(account="111122223333", region="eu-west-1"))


def test_keys_for_data_keys_of_every_make_pass(stack: cdk.Stack) -> None:
    said = kms.Key(stack, "Said", key_spec=kms.KeySpec.SYMMETRIC_DEFAULT, key_usage=kms.KeyUsage.ENCRYPT_DECRYPT)
    imported = ExistingKey.from_arn(stack, "Imported", key_arn=ARN.format("eu-west-1"))

    check_symmetric_keys({"a": kms.Key(stack, "Of"), "b": said, "c": EncryptionKey(stack, "Our"), "d": imported})


def test_a_key_whose_kind_is_a_parameter_passes(stack: cdk.Stack) -> None:
    key = kms.Key(stack, "Key")
    resource = key.node.default_child
    assert isinstance(resource, kms.CfnKey)
    resource.key_spec = cdk.CfnParameter(stack, "Spec").value_as_string

    check_symmetric_keys({"encryption_key": key})


SIGNS: dict[str, Any] = {"key_spec": kms.KeySpec.ECC_NIST_P256, "key_usage": kms.KeyUsage.SIGN_VERIFY}
MACS: dict[str, Any] = {"key_spec": kms.KeySpec.HMAC_256, "key_usage": kms.KeyUsage.GENERATE_VERIFY_MAC}
OTHER_KINDS: dict[str, tuple[Callable[[cdk.Stack], kms.IKey], str]] = {
    "signing key of the CDK": (lambda stack: kms.Key(stack, "K", **SIGNS), "SIGN_VERIFY and key spec ECC_NIST_P256"),
    "MAC key of the CDK": (lambda stack: kms.Key(stack, "K", **MACS), "GENERATE_VERIFY_MAC and key spec HMAC_256"),
    "asymmetric key of the CDK": (
        lambda stack: kms.Key(stack, "K", key_spec=kms.KeySpec.RSA_2048),
        "ENCRYPT_DECRYPT and key spec RSA_2048",
    ),
    "our signing key": (lambda stack: SigningKey(stack, "K"), "SIGN_VERIFY and key spec ECC_NIST_P256"),
    "our MAC key": (lambda stack: MacKey(stack, "K"), "GENERATE_VERIFY_MAC and key spec HMAC_256"),
}


@pytest.mark.parametrize("which", OTHER_KINDS)
def test_refuses_keys_that_make_no_data_keys(which: str, stack: cdk.Stack) -> None:
    make, ending = OTHER_KINDS[which]
    with pytest.raises(ConfigurationError) as refused:
        check_symmetric_keys({"encryption_key": make(stack)})
    assert str(refused.value) == (
        f"encryption_key must be a symmetric encryption key, got Orders/K with key usage {ending}"
    )


@pytest.mark.parametrize("region", [None, "eu-west-1"])
def test_what_is_here_or_anywhere_passes(region: str | None, stack: cdk.Stack) -> None:
    check_region(
        stack, "source", s3.Bucket.from_bucket_attributes(stack, "Bucket", bucket_name="orders", region=region)
    )
    anywhere: Any = cdk.Stack(stack.node.root, "Anywhere")  # type: ignore[arg-type]
    check_region(
        anywhere, "source", s3.Bucket.from_bucket_attributes(anywhere, "B", bucket_name="orders", region=region)
    )


def test_refuses_what_is_elsewhere(stack: cdk.Stack) -> None:
    there = s3.Bucket.from_bucket_attributes(stack, "Bucket", bucket_name="orders", region="us-east-1")
    with pytest.raises(ConfigurationError) as refused:
        check_region(stack, "source", there)
    assert str(refused.value) == (
        "source must be in eu-west-1, the Region of the function, got Orders/Bucket in us-east-1"
    )
