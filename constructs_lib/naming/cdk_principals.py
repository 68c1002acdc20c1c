"""What the CDK's principals say of themselves, in as few questions as their classes allow.

Only these classes themselves are known; what is derived from them may say something else.
"""

from collections.abc import Mapping
from typing import Any, cast

from aws_cdk import aws_iam as iam

from constructs_lib.errors import ConfigurationError

# Others take conditions or further principals later, and must be read anew.
_UNCHANGING = (iam.Role, iam.User, iam.ArnPrincipal, iam.ServicePrincipal)
_ITS_OWN_PRINCIPAL = frozenset({*_UNCHANGING, iam.AccountPrincipal, iam.AccountRootPrincipal})
_SAID_BY_ARN: Mapping[object, str] = {iam.Role: "role_arn", iam.User: "user_arn", iam.ArnPrincipal: "arn"}


def principal_of(grantee: iam.IGrantable, argument: str = "grantee") -> iam.IPrincipal:
    """Return the principal that somebody is.

    Args:
        grantee: A principal, or what has one.
        argument: What a refusal calls it.

    Raises:
        ConfigurationError: If it is nobody.
    """
    if type(grantee) in _ITS_OWN_PRINCIPAL:
        return cast("iam.IPrincipal", grantee)
    try:
        return grantee.grant_principal
    except AttributeError as error:
        raise ConfigurationError(
            f"{argument} must be IAM principals or what has one, such as iam.ArnPrincipal(...), a role or a function, "
            f"got {_spoken(grantee)}"
        ) from error


def _spoken(grantee: object) -> str:
    return repr(grantee) if grantee is None or isinstance(grantee, (str, int)) else f"a {type(grantee).__name__}"


def identity_of(principal: iam.IPrincipal) -> object:
    """Return what tells a principal from others: of what the CDK made itself, Python sees a new object each time."""
    reference = getattr(principal, "__jsii_ref__", None)
    return id(principal) if reference is None else reference.ref


def said_of(principal: iam.IPrincipal) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return what a principal says of itself: kinds with values, and conditions."""
    by_arn = _SAID_BY_ARN.get(type(principal))
    if by_arn is not None:
        return {"AWS": getattr(principal, by_arn)}, {}
    fragment = principal.policy_fragment
    return fragment.principal_json, fragment.conditions


def is_unchanging(principal: iam.IPrincipal) -> bool:
    """Whether a principal always says the same."""
    return isinstance(principal, _UNCHANGING)


def is_of_known_class(principal: iam.IPrincipal) -> bool:
    """Whether a principal is of one of these classes itself, and says the same whoever asks."""
    return type(principal) in _ITS_OWN_PRINCIPAL
