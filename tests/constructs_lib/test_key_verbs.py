"""Every verb by which constructs of the CDK ask a key for something is there, whatever the kind of key."""

import re
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib import ConfigurationError, EncryptionKey, SigningKey
from constructs_lib.key_grants import KeyGrants
from constructs_lib.key_verbs import KeyVerbs

MakeApp = Callable[..., cdk.App]


def public(of: type, pattern: str = "") -> set[str]:
    return {name for name in vars(of) if re.match(pattern or "[a-z]", name)}


def test_the_key_has_every_grant_of_the_interface() -> None:
    assert public(kms.IKey, "grant_") <= public(KeyVerbs, "grant_")


def test_the_newer_spelling_has_every_verb_of_the_cdk_but_administration() -> None:
    beside = {"admin", "from_key", "resource"}

    assert public(kms.KeyGrants) - beside <= public(KeyGrants)


@pytest.mark.parametrize(
    ("grantee", "spoken"),
    [
        (lambda stack: iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()), "S/Role"),
        (lambda _: iam.ServicePrincipal("sns.amazonaws.com"), "a ServicePrincipal"),
        (lambda _: iam.ArnPrincipal("arn:aws:iam::111122223333:role/Reader"), "a ArnPrincipal"),
    ],
    ids=["construct", "service", "arn"],
)
def test_refuses_a_verb_of_another_kind_and_says_who_asked(
    grantee: Callable[[cdk.Stack], Any], spoken: str, make_app: MakeApp
) -> None:
    stack = cdk.Stack(make_app(), "S")

    with pytest.raises(ConfigurationError) as refused:
        SigningKey(stack, "Key").grant_decrypt(grantee(stack))
    assert str(refused.value) == (
        f"[S/Key] a signing key cannot decrypt; a key of this kind can sign, verify, asked for {spoken}"
    )


def test_a_refused_verb_changes_nothing(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S")
    key = EncryptionKey(stack, "Key")
    before = key.checked_policy()

    with pytest.raises(ConfigurationError):
        key.grant_sign(iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()))
    assert key.checked_policy() == before
