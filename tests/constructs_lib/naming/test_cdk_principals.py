"""That the short way to what a principal says ends where the CDK's own way ends."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from constructs_lib import ConfigurationError
from constructs_lib.naming.cdk_principals import (
    identity_of,
    is_of_known_class,
    is_unchanging,
    principal_of,
    said_of,
)

MakeApp = Callable[..., cdk.App]
Make = Callable[[cdk.Stack], iam.IPrincipal]

ARN = "arn:aws:iam::111122223333:role/Reader"


def role(stack: cdk.Stack) -> iam.Role:
    return iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())


def role_made_beforehand(stack: cdk.Stack) -> iam.Role:
    iam.Role.customize_roles(stack, prevent_synthesis=True, use_precreated_roles={"S/Role": "Existing"})
    return role(stack)


class Renamed(iam.ArnPrincipal):
    """A class of a user, which says something else than its base."""

    @property
    def policy_fragment(self) -> iam.PrincipalPolicyFragment:
        return iam.PrincipalPolicyFragment({"AWS": [ARN]}, {"Bool": {"aws:SecureTransport": "true"}})


KNOWN: dict[str, Make] = {
    "role": role,
    "role made beforehand": role_made_beforehand,
    "user": lambda stack: iam.User(stack, "User"),
    "ARN": lambda _: iam.ArnPrincipal(ARN),
    "account": lambda _: iam.AccountPrincipal("444455556666"),
    "own account": lambda _: iam.AccountRootPrincipal(),
    "service": lambda _: iam.ServicePrincipal("sns.amazonaws.com"),
    "service under a condition": lambda _: iam.ServicePrincipal(
        "sns.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": "111122223333"}}
    ),
}
OTHERS: dict[str, Make] = {
    "imported role": lambda stack: iam.Role.from_role_arn(stack, "Imported", ARN),
    "role that stays as it is": lambda stack: role(stack).without_policy_updates(),
    "organization": lambda _: iam.OrganizationPrincipal("o-12345abcde"),
    "several": lambda _: iam.CompositePrincipal(iam.ArnPrincipal(ARN), iam.AccountRootPrincipal()),
    "under a condition": lambda _: iam.ArnPrincipal(ARN).with_conditions({"Bool": {"aws:SecureTransport": "true"}}),
    "of a user's class": lambda _: Renamed(ARN),
}


def as_lists(said: object, stack: cdk.Stack) -> object:
    resolved = stack.resolve(said)
    return {kind: value if isinstance(value, list) else [value] for kind, value in resolved.items()}


@pytest.mark.parametrize("make", [*KNOWN.values(), *OTHERS.values()], ids=[*KNOWN, *OTHERS])
def test_what_is_said_of_a_principal_is_its_policy_fragment(make: Make, make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S")
    principal = make(stack)

    values, conditions = said_of(principal)
    fragment = principal.policy_fragment
    assert as_lists(values, stack) == as_lists(fragment.principal_json, stack)
    assert stack.resolve(conditions) == stack.resolve(fragment.conditions or {})


@pytest.mark.parametrize("make", [*KNOWN.values(), *OTHERS.values()], ids=[*KNOWN, *OTHERS])
def test_the_principal_is_the_one_to_whom_the_cdk_grants(make: Make, make_app: MakeApp) -> None:
    principal = make(cdk.Stack(make_app(), "S"))

    assert identity_of(principal_of(principal)) == identity_of(principal.grant_principal)


def test_the_principal_of_a_function_is_its_role(make_app: MakeApp) -> None:
    function = lambda_.Function(
        cdk.Stack(make_app(), "S"),
        "Function",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): ..."),
    )

    assert function.role is not None
    assert identity_of(principal_of(function)) == identity_of(function.role)
    assert identity_of(function.role) == identity_of(function.role)  # though Python sees another object each time
    assert identity_of(function.role) != identity_of(role(function.stack))


@pytest.mark.parametrize("who", [*KNOWN, *OTHERS])
def test_only_the_known_classes_themselves_are_trusted_to_say_the_same_to_everybody(
    who: str, make_app: MakeApp
) -> None:
    principal = {**KNOWN, **OTHERS}[who](cdk.Stack(make_app(), "S"))

    assert is_of_known_class(principal) == (who in KNOWN)
    assert is_unchanging(principal) == (who in KNOWN or who == "of a user's class")


def test_refuses_who_is_nobody() -> None:
    nobody: list[tuple[Any, str]] = [(ARN, repr(ARN)), (None, "None"), (7, "7"), ([iam.ArnPrincipal(ARN)], "a list")]
    for who, got in nobody:
        with pytest.raises(ConfigurationError) as refused:
            principal_of(who, "callers")
        assert str(refused.value) == (
            "callers must be IAM principals or what has one, such as iam.ArnPrincipal(...), a role or a function, "
            f"got {got}"
        )
