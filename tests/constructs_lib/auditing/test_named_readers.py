"""Who may be named as a reader, and to whom a policy can be attached from here."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib import ConfigurationError, permission_set
from constructs_lib.auditing.named_readers import check_of_account, check_readers, is_role_or_user_here

ACCOUNT, OTHER = "111122223333", "444455556666"
HERE = cdk.Environment(account=ACCOUNT, region="eu-west-1")
Reader = Callable[[cdk.Stack], iam.IPrincipal]


@pytest.fixture
def stack(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "Audit", env=HERE)


ATTACHABLE: dict[str, tuple[Reader, bool]] = {
    "a role": (lambda stack: iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()), True),
    "a user": (lambda stack: iam.User(stack, "User"), True),
    "an imported role": (lambda stack: iam.Role.from_role_arn(stack, "R", f"arn:aws:iam::{ACCOUNT}:role/r"), True),
    "an imported user": (lambda stack: iam.User.from_user_name(stack, "U", "u"), True),
    "a role of another account": (
        lambda stack: iam.Role.from_role_arn(stack, "F", f"arn:aws:iam::{OTHER}:role/r"),
        False,
    ),
    "an ARN": (lambda _: iam.ArnPrincipal(f"arn:aws:iam::{ACCOUNT}:role/r"), False),
    "the account": (lambda _: iam.AccountPrincipal(ACCOUNT), False),
    "a permission set": (lambda _: permission_set("Audit").grant_principal, False),
    "a role under a condition": (
        lambda stack: iam.PrincipalWithConditions(
            iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()),
            {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        ),
        False,
    ),
}


@pytest.mark.parametrize("who", ATTACHABLE)
def test_policies_are_attached_to_roles_and_users_of_the_account(stack: cdk.Stack, who: str) -> None:
    reader, expected = ATTACHABLE[who]

    assert is_role_or_user_here(stack, reader(stack)) is expected


def test_refuses_who_is_of_another_account_where_athena_is_asked(stack: cdk.Stack) -> None:
    far = iam.Role.from_role_arn(stack, "Far", f"arn:aws:iam::{OTHER}:role/auditor")

    with pytest.raises(
        ConfigurationError, match=rf"^readers must be of {ACCOUNT}, .* got arn:aws:iam::{OTHER}:role/auditor; let him"
    ):
        check_of_account(stack, [far])
    check_of_account(stack, [iam.Role.from_role_arn(stack, "Near", f"arn:aws:iam::{ACCOUNT}:role/auditor")])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("Auditor", "must be a sequence of IAM principals, got 'Auditor'"),
        (None, "must be a sequence of IAM principals, got None"),
        ([None], "must be IAM principals or what has one"),
        ([iam.AnyPrincipal()], "must be roles, users or accounts of AWS by name, got everybody"),
        (
            [iam.CanonicalUserPrincipal("x")],
            "must be roles, users or accounts of AWS by name, got a principal of the k",
        ),
        (
            [iam.ServicePrincipal("s3.amazonaws.com")],
            "must be roles, users or accounts of AWS by name, got a principal",
        ),
    ],
    ids=["a text", "nothing", "nobody", "everybody", "a canonical user", "a service"],
)
def test_refuses_who_is_not_named(given: Any, said: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        check_readers(given)

    assert str(raised.value).startswith(f"readers {said}")


def test_refuses_a_group(stack: cdk.Stack) -> None:
    group = iam.Group(stack, "Auditors")

    with pytest.raises(
        ConfigurationError, match=r"^readers must be roles, users or accounts, which a key policy can n"
    ):
        check_readers([group])
