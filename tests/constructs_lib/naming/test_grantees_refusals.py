"""Whom a key policy cannot name."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib import ConfigurationError, EncryptionKey

MakeApp = Callable[..., cdk.App]


IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")


def stacks(make_app: MakeApp, environment: cdk.Environment | None = IRELAND) -> tuple[cdk.Stack, cdk.Stack]:
    app = make_app()
    return cdk.Stack(app, "S", env=environment), cdk.Stack(app, "W", env=environment)


def role(stack: cdk.Stack, **options: Any) -> iam.Role:
    return iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal(), **options)


def test_refuses_everybody(make_app: MakeApp) -> None:
    stack, _ = stacks(make_app)
    key = EncryptionKey(stack, "Key")
    before = key.checked_policy()

    for everybody in (iam.AnyPrincipal(), iam.StarPrincipal()):
        with pytest.raises(ConfigurationError, match=r"^\[S/Key\] principals must not be everybody unless"):
            key.grant_decrypt(everybody)
    assert key.checked_policy() == before


def test_refuses_a_group(make_app: MakeApp) -> None:
    stack, other = stacks(make_app)
    key = EncryptionKey(stack, "Key")

    for group in (iam.Group(stack, "Group"), iam.Group(other, "Group")):
        with pytest.raises(
            ConfigurationError, match=r"^\[S/Key\] grantee must be a role, a user or a service, got a group"
        ):
            key.grant_decrypt(group)


def test_refuses_a_canonical_user(make_app: MakeApp) -> None:
    stack, _ = stacks(make_app)
    with pytest.raises(
        ConfigurationError, match=r"^\[S/Key\] grantee must be one of \('AWS', 'Service', 'Federated'\), got Canon"
    ):
        EncryptionKey(stack, "Key").grant_decrypt(iam.CanonicalUserPrincipal("79a59df900b949e5"))


def test_refuses_a_pattern_as_principal(make_app: MakeApp) -> None:
    stack, _ = stacks(make_app)
    with pytest.raises(
        ConfigurationError, match=r"principals must be written without wildcards, got 'arn:aws:iam::1.*role/\*'"
    ):
        EncryptionKey(stack, "Key").grant_decrypt(iam.ArnPrincipal("arn:aws:iam::111122223333:role/*"))


@pytest.mark.parametrize(
    ("theirs", "what"),
    [
        (cdk.Environment(), "account"),
        (cdk.Environment(region="eu-west-1"), "account"),
        (cdk.Environment(account="111122223333"), "region"),
    ],
)
def test_refuses_a_role_of_a_vaguer_environment_than_the_keys(
    theirs: cdk.Environment, what: str, make_app: MakeApp
) -> None:
    app = make_app()
    key = EncryptionKey(cdk.Stack(app, "S", env=IRELAND), "Key")
    reader = role(cdk.Stack(app, "W", env=theirs), role_name="Reader")

    with pytest.raises(ConfigurationError) as refused:
        key.grant_decrypt(reader)
    assert str(refused.value) == (
        f"[S/Key] grantee must be in a stack with a known {what} like the key's, "
        "got W/Role/Resource in the environment-agnostic stack W"
    )


def logical_id_of(made: iam.Role) -> str:
    resource = made.node.default_child
    assert isinstance(resource, cdk.CfnResource)
    return resource.logical_id
