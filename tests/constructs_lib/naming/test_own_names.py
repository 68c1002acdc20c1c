"""Who a role of the key's stack is, when it is named by name elsewhere."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib import ConfigurationError, EncryptionKey
from constructs_lib.naming.own_names import OwnNames
from constructs_lib.naming.token_text import TokenText

ACCOUNT = "111122223333"
ADMIN = f"arn:aws:iam::{ACCOUNT}:role/Admin"


@pytest.fixture
def stack(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=cdk.Environment(account=ACCOUNT, region="eu-west-1"))


def role(stack: cdk.Stack, **options: Any) -> iam.Role:
    return iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal(), **options)


def known(stack: cdk.Stack, arn: str) -> str:
    text = TokenText(stack)
    return OwnNames(stack, text).arn(text.text(arn))


def test_a_literal_name_is_known_with_its_path(stack: cdk.Stack) -> None:
    user = iam.User(stack, "User", user_name="alice")

    assert known(stack, role(stack, role_name="Reader", path="/team/").role_arn).endswith(
        f":iam::{ACCOUNT}:role/team/Reader"
    )
    assert known(stack, user.user_arn).endswith(f":iam::{ACCOUNT}:user/alice")


UNKNOWN: dict[str, Callable[[cdk.CfnParameter], dict[str, Any]]] = {
    "none": lambda _: {},
    "generated": lambda _: {"role_name": cdk.PhysicalName.GENERATE_IF_NEEDED},
    "parameter": lambda parameter: {"role_name": parameter.value_as_string},
    "path": lambda parameter: {"role_name": "Reader", "path": f"/{parameter.value_as_string}/"},
}


@pytest.mark.parametrize("options", UNKNOWN.values(), ids=UNKNOWN)
def test_a_name_that_only_the_deployment_knows_is_none(
    options: Callable[[cdk.CfnParameter], dict[str, Any]], stack: cdk.Stack
) -> None:
    reader = role(stack, **options(cdk.CfnParameter(stack, "Name")))

    assert known(stack, reader.role_arn) == "${S/Role/Resource.Arn}"


def test_asking_gives_nobody_a_name(stack: cdk.Stack) -> None:
    reader = role(stack)
    known(stack, reader.role_arn)

    resource = reader.node.default_child
    assert isinstance(resource, iam.CfnRole)
    assert stack.resolve(resource.role_name) is None


def test_what_is_no_role_or_user_stays_what_it_is(stack: cdk.Stack) -> None:
    assert known(stack, ADMIN) == ADMIN
    assert known(stack, iam.ManagedPolicy(stack, "Policy").managed_policy_arn) == "${S/Policy/Resource.Ref}"


SPELLINGS: dict[str, Callable[[cdk.Stack], iam.IPrincipal]] = {
    "imported by its ARN": lambda stack: iam.Role.from_role_arn(stack, "Imported", ADMIN),
    "imported by its name": lambda stack: iam.Role.from_role_name(stack, "Imported", "Admin"),
    "as ARN": lambda _: iam.ArnPrincipal(ADMIN),
    "as session": lambda _: iam.ArnPrincipal(f"arn:aws:sts::{ACCOUNT}:assumed-role/Admin/me"),
    "as the account": lambda _: iam.PrincipalWithConditions(
        iam.AccountRootPrincipal(), {"StringEquals": {"aws:PrincipalArn": ADMIN}}
    ),
    "by the CDK": lambda stack: role(stack, role_name="Admin"),
}


@pytest.mark.parametrize("spelled", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("administrator", ["own", "imported"])
def test_refuses_an_administrator_who_uses_the_key_in_another_spelling(
    administrator: str, spelled: Callable[[cdk.Stack], iam.IPrincipal], stack: cdk.Stack
) -> None:
    admin: iam.IGrantable = (
        iam.Role(stack, "Admin", role_name="Admin", assumed_by=iam.AccountRootPrincipal())
        if administrator == "own"
        else iam.Role.from_role_name(stack, "Admin", "Admin")
    )
    key = EncryptionKey(stack, "Key", alias="orders", administrators=[admin])

    with pytest.raises(ConfigurationError, match=r"^\[S/Key\] grantee must be somebody else than an administrator"):
        key.grant_decrypt(spelled(stack))


def test_somebody_of_another_name_uses_the_key(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key", alias="orders", administrators=[iam.Role.from_role_name(stack, "Admin", "Admin")])

    assert key.grant_decrypt(role(stack, role_name="Reader")).success
