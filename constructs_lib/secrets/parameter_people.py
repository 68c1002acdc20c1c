"""Who may be granted a parameter: roles and users of its account, since Parameter Store leaves everything to IAM."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.cdk_principals import principal_of, said_of
from constructs_lib.naming.token_text import TokenText, tokens_in
from constructs_lib.spared_callers import is_pattern
from constructs_lib.wiring.places import are_apart

_SHARED = "https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-shared-parameters.html"
_ACCOUNT_OF_ARN = 4


def check_grantee(parameter: cdk.Resource, grantee: iam.IGrantable) -> None:
    """Refuse who cannot be let in by a policy of his own in the account of a parameter.

    Args:
        parameter: The parameter.
        grantee: Who shall be let in.

    Raises:
        ConfigurationError: If he is a service, an account, everybody or a pattern, or of another account.
    """
    where = f"[{parameter.node.path}]"
    principal = principal_of(grantee)
    own = cdk.Stack.of(parameter).account
    theirs = principal.principal_account
    if theirs is not None and are_apart(own, theirs):
        raise ConfigurationError(_of_another(where, own, theirs))
    for kind, value in _named(parameter, principal):
        if kind == "Service":
            raise ConfigurationError(
                f"{where} grantee must be a role or a user, got the service {value}: services read parameters with the "
                "permissions of a role"
            )
        parts = value.split(":")
        if kind == "AWS" and len(parts) > _ACCOUNT_OF_ARN and are_apart(own, parts[_ACCOUNT_OF_ARN]):
            raise ConfigurationError(_of_another(where, own, parts[_ACCOUNT_OF_ARN]))
        if kind != "AWS" or value == "*" or value.isdigit() or value.endswith(":root"):
            raise ConfigurationError(
                f"{where} grantee must be a role or a user, got {value}: a parameter has no policy of its own in which "
                "others could be named"
            )
        if is_pattern(value):
            raise ConfigurationError(
                f"{where} grantee must be a role or a user by its whole name, without * and ?, got {value}"
            )


def own_conditions(grantee: iam.IGrantable) -> Mapping[str, Any] | None:
    """Return the conditions under which a grantee is meant, which the CDK leaves out of his own policies.

    Args:
        grantee: Who is let in.
    """
    principal = principal_of(grantee)
    return principal.policy_fragment.conditions if isinstance(principal, iam.PrincipalWithConditions) else None


def spoken_people(stack: cdk.Stack, grantee: iam.IGrantable) -> str:
    """Return the ARN of a grantee as a person reads it.

    Args:
        stack: Where it is said.
        grantee: Who is meant.
    """
    return ", ".join(value for _, value in _named(stack, principal_of(grantee)))


def announce_unwritten(
    parameter: cdk.Resource, grantee: iam.IGrantable, *, actions: Sequence[str], resource: str
) -> None:
    """Announce what a grantee's policies must allow that cannot be written from here.

    Args:
        parameter: The parameter.
        grantee: Who was granted it.
        actions: What he may do.
        resource: The ARN of the parameter.
    """
    stack = cdk.Stack.of(parameter)
    statement = {"Effect": "Allow", "Action": sorted(actions), "Resource": TokenText(stack).text(resource)}
    cdk.Annotations.of(parameter).add_info_v2(
        "cdk-key-management:parameter-not-in-iam",
        f"policies of {spoken_people(stack, grantee)} cannot be written from here and must allow "
        f"{json.dumps(statement)}",
    )


def _named(scope: cdk.Resource | cdk.Stack, principal: iam.IPrincipal) -> Iterator[tuple[str, str]]:
    text = TokenText(cdk.Stack.of(scope))
    principals, _ = said_of(principal)
    for kind, values in principals.items():
        for value in [values] if isinstance(values, str) else values:
            yield ("AWS" if kind == "LiteralString" else kind), text.text(value)


def _of_another(where: str, own: str, account: str) -> str:
    here = "the parameter's account" if tokens_in(own) else own
    return (
        f"{where} grantee must be of {here}, got one of {account}: only parameters of the advanced tier can be shared, "
        f"through AWS RAM, which no grant can see ({_SHARED}); a ManagedSecret takes readers of other accounts"
    )
