"""Who is admitted to the key of a secret, of whatever make the key is."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib import EncryptionKey, ExistingKey, SigningKey
from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.secret_key import SecretKey, check_secret_key
from constructs_lib.service_access.secrets_manager import read_secret, read_secret_from_another_account
from tests.support.announcements import announcements
from tests.support.secret_stack import allowed_to, role
from tests.support.synthesised import app_of, granted, template_of

ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
NAME = "orders"
CONTEXT = {
    "StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"},
    "StringLike": {
        "kms:EncryptionContext:SecretARN": ("arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders-??????")
    },
}


@pytest.fixture
def stack(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "Orders", env=cdk.Environment(account="111122223333", region="eu-west-1"))


def _key(stack: cdk.Stack, key: kms.IKey) -> SecretKey:
    secret = cdk.Resource(stack, "Secret")
    return SecretKey(
        secret=secret, key=key, argument="encryption_key", secret_name="orders", region="eu-west-1"
    )  # a name


def test_a_key_of_ours_admits_the_creator_and_nobody_else_by_that(stack: cdk.Stack) -> None:
    _key(stack, EncryptionKey(stack, "Key", alias="orders", services=())).admit_creator()

    template = template_of(stack)

    (key,) = (each for each in template["Resources"].values() if each["Type"] == "AWS::KMS::Key")
    (creating,) = (
        each
        for each in key["Properties"]["KeyPolicy"]["Statement"]
        if each["Sid"].startswith("Deployers") and "kms:GenerateDataKey" in each["Action"]
    )
    assert "secretsmanager." in str(creating["Condition"])
    assert granted(template) == {}


def test_a_reader_is_admitted_for_this_secret_alone(stack: cdk.Stack) -> None:
    _key(stack, EncryptionKey(stack, "Key", alias="orders")).admit(read_secret, role(stack, "Reader"))

    (statement,) = granted(template_of(stack)).values()

    assert (statement["Action"], statement["Condition"]) == ("kms:Decrypt", CONTEXT)


@pytest.mark.parametrize("by", ["key", "alias"])
def test_a_key_of_the_cdk_leaves_it_to_iam(stack: cdk.Stack, by: str) -> None:
    key = kms.Key(stack, "Key")
    _key(stack, key if by == "key" else key.add_alias("orders")).admit(read_secret, role(stack, "Reader"))

    (statement,) = allowed_to(template_of(stack), "Reader")

    assert (statement["Action"], statement["Condition"]) == ("kms:Decrypt", CONTEXT)
    assert statement["Resource"] == "${Key961B73FD.Arn}"


def test_a_key_of_the_cdk_names_who_is_of_another_account(stack: cdk.Stack) -> None:
    reader = iam.ArnPrincipal("arn:aws:iam::999988887777:role/Reader")
    _key(stack, kms.Key(stack, "Key")).admit(read_secret_from_another_account, reader)

    (key,) = (each for each in template_of(stack)["Resources"].values() if each["Type"] == "AWS::KMS::Key")

    named = [
        each["Action"]
        for each in key["Properties"]["KeyPolicy"]["Statement"]
        if each["Principal"]["AWS"] == "arn:aws:iam::999988887777:role/Reader"
    ]
    assert named == ["kms:Decrypt", "kms:DescribeKey"]


def test_the_owner_of_an_imported_key_is_told_what_to_add(stack: cdk.Stack) -> None:
    _key(stack, kms.Key.from_key_arn(stack, "Key", ARN)).admit(read_secret, role(stack, "Reader"))

    (said,) = announcements(app_of(stack).synth().directory, "Orders", "warning")

    assert "unless it leaves roles of its account to IAM, its owner must add this statement" in said
    assert "kms:EncryptionContext:SecretARN" in said


def test_refuses_no_key() -> None:
    with pytest.raises(ConfigurationError, match="encryption_key must be a key, got None"):
        check_secret_key("encryption_key", None, "eu-west-1")  # type: ignore[arg-type]  # that is the point


def test_refuses_a_key_of_another_kind_of_aws_or_of_another_region(stack: cdk.Stack) -> None:
    refused: list[tuple[kms.IKey, str]] = [
        (SigningKey(stack, "Signing", alias="signing"), "must be a symmetric encryption key"),
        (ExistingKey.from_alias(stack, "OfAws", alias="aws/secretsmanager"), "must be a key of your own"),
        (ExistingKey.from_arn(stack, "Far", key_arn=ARN.replace("west-1", "central-1")), "must be in eu-west-1"),
    ]
    for key, reason in refused:
        with pytest.raises(ConfigurationError, match=reason):
            check_secret_key("encryption_key", key, "eu-west-1")
