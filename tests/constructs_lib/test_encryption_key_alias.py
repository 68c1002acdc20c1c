"""A key's aliases, and that they live as long as the key."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest

from constructs_lib import ConfigurationError, EncryptionKey, Lifecycle
from tests.support.synthesised import only, resources, template_of, written

MakeApp = Callable[..., cdk.App]


IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=IRELAND)


KEPT = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}


GOING = {"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"}


@pytest.mark.parametrize(
    ("lifecycle", "policies"), [(Lifecycle.DURABLE, KEPT), (Lifecycle.EPHEMERAL, GOING)], ids=["durable", "ephemeral"]
)
def test_the_lifecycle_covers_the_key_and_its_alias(
    lifecycle: Lifecycle, policies: dict[str, str], stack: cdk.Stack
) -> None:
    EncryptionKey(stack, "Key", alias="team/orders_1", lifecycle=lifecycle)

    template = template_of(stack)
    key, alias = only(template, "AWS::KMS::Key"), only(template, "AWS::KMS::Alias")
    assert {name: key[name] for name in policies} == policies
    assert written(alias) == {
        "Type": "AWS::KMS::Alias",
        "Properties": {"AliasName": "alias/team/orders_1", "TargetKeyId": "${Key961B73FD}"},
        **policies,
    }


@pytest.mark.parametrize("given", ["second", "alias/second"])
def test_a_further_alias_of_a_durable_key_stays_with_it(given: str, stack: cdk.Stack) -> None:
    EncryptionKey(stack, "Key", alias="first").add_alias(given)

    aliases = resources(template_of(stack), "AWS::KMS::Alias")
    found = {alias["Properties"]["AliasName"]: {name: alias[name] for name in KEPT} for alias in aliases.values()}
    assert found == {"alias/first": KEPT, "alias/second": KEPT}


def test_a_further_alias_of_an_ephemeral_key_goes_with_it(stack: cdk.Stack) -> None:
    EncryptionKey(stack, "Key", lifecycle=Lifecycle.EPHEMERAL).add_alias("second")

    alias = only(template_of(stack), "AWS::KMS::Alias")
    assert alias.get("DeletionPolicy", "Delete") == alias.get("UpdateReplacePolicy", "Delete") == "Delete"


@pytest.mark.parametrize("alias", ["", "alias/", "aws/s3", "alias/aws/s3", "alias/alias/x", "with space", "x" * 251])
def test_refuses_a_further_alias_that_kms_would_refuse(alias: str, stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key")
    with pytest.raises(ConfigurationError, match=r"^alias must be 1 to 250 letters, digits and :/_- beside a prefix"):
        key.add_alias(alias)
    assert resources(template_of(stack), "AWS::KMS::Alias") == {}


def test_an_alias_may_be_a_token(stack: cdk.Stack) -> None:
    parameter = cdk.CfnParameter(stack, "Name")
    EncryptionKey(stack, "Key", alias=parameter.value_as_string)

    alias = written(only(template_of(stack), "AWS::KMS::Alias"))
    assert alias["Properties"]["AliasName"] == "alias/${Name}"
