"""Who may be granted a parameter: whom an IAM policy of its account lets in."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.parameter_people import check_grantee, own_conditions, spoken_people
from tests.support.l2_positions import IRELAND

SOMEBODY = "arn:aws:iam::111122223333:role/somebody"


@pytest.fixture
def role(make_app: Callable[..., cdk.App]) -> iam.Role:
    stack = cdk.Stack(make_app(), "S", env=IRELAND)
    return iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())


def test_roles_and_users_of_the_account_are_taken(role: iam.Role) -> None:
    for grantee in (role, iam.User(role, "User"), iam.ArnPrincipal(SOMEBODY)):
        check_grantee(role, grantee)


def test_somebody_is_called_by_his_arn(role: iam.Role) -> None:
    assert spoken_people(cdk.Stack.of(role), iam.ArnPrincipal(SOMEBODY)) == SOMEBODY


def test_conditions_are_those_of_the_principal_itself(role: iam.Role) -> None:
    mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}

    assert own_conditions(role) is None
    assert own_conditions(iam.PrincipalWithConditions(role, mfa)) == mfa


@pytest.mark.parametrize(
    ("grantee", "message"),
    [
        (iam.ServicePrincipal("ecs.amazonaws.com"), "must be a role or a user, got the service ecs.amazonaws.com"),
        (iam.AccountRootPrincipal(), "must be a role or a user, got "),
        (iam.AnyPrincipal(), r"must be a role or a user, got \*"),
        (iam.AccountPrincipal("444455556666"), "must be of 111122223333, got one of 444455556666"),
        (iam.ArnPrincipal(SOMEBODY.replace("1111", "4444")), "must be of 111122223333, got one of 444422223333"),
        (iam.ArnPrincipal(SOMEBODY.replace("somebody", "*")), r"by its whole name, without \* and \?, got .*role/\*"),
        (iam.ArnPrincipal(SOMEBODY.replace("body", "b?dy")), r"by its whole name, without \* and \?, got .*someb\?dy"),
        ("somebody", "must be IAM principals or what has one"),
    ],
    ids=["service", "account", "everybody", "other account", "role of another account", "any role", "some", "text"],
)
def test_refuses_whom_no_iam_policy_of_the_account_lets_in(grantee: Any, message: str, role: iam.Role) -> None:
    with pytest.raises(ConfigurationError, match=message):
        check_grantee(role, grantee)
