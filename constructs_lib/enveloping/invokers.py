"""Who may be let in to invoke a function: nobody who is anybody, and no service on anybody's behalf.

Whoever is no role or user of this app stands in the function's own policy, which Lambda writes from a few fields:
one principal, an organization, and for a service the resource or the account for which it acts.
https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.cdk_principals import principal_of, said_of

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam

_ORGANIZATION = ("StringEquals", "aws:PrincipalOrgID")
_ACCOUNT, _RESOURCE = ("StringEquals", "aws:SourceAccount"), ("ArnLike", "aws:SourceArn")
_ARN_PARTS = 6


def check_invoker(grantee: "iam.IGrantable") -> None:
    """Refuse whom Lambda would let in as anybody, or without the conditions under which they were given.

    Args:
        grantee: Who is to invoke a function.

    Raises:
        ConfigurationError: If it is nobody, anybody, several at once, a service that does not say for which resource or
            account it acts, of a kind that Lambda does not know, or has conditions that Lambda's permission drops.
    """
    kinds, conditions = said_of(principal_of(grantee))
    values = [
        (kind, value) for kind, given in kinds.items() for value in ([given] if isinstance(given, str) else given)
    ]
    if len(values) != 1:
        raise ConfigurationError(f"grantee must be one principal, got {len(values)} at once: grant each by itself")
    ((kind, value),) = values
    asked = _asked(conditions)
    if kind == "Service":
        _check_service(value, asked)
    elif value == "*":
        if set(asked) != {_ORGANIZATION} or not _is_one(asked[_ORGANIZATION]):
            raise ConfigurationError(
                "grantee must be somebody, such as a role, an account or iam.OrganizationPrincipal(...), got anybody"
            )
    elif kind != "AWS":
        raise ConfigurationError(f"grantee must be of AWS or a service, which Lambda knows, got {kind} {value}")
    elif asked:
        raise ConfigurationError(
            "grantee must be without conditions, which a permission to invoke does not keep, got "
            f"{_spoken(asked)}: put them where the role is assumed"
        )


def _check_service(service: str, asked: Mapping[tuple[str, str], Any]) -> None:
    narrow = [name for name in (_ACCOUNT, _RESOURCE) if name in asked and _is_one(asked[name])]
    if not narrow or len(narrow) != len(asked):
        raise ConfigurationError(
            "grantee must say for whom a service acts, and nothing else: iam.ServicePrincipal(..., conditions="
            '{"StringEquals": {"aws:SourceAccount": ...}}) or {"ArnLike": {"aws:SourceArn": ...}}, each with one text, '
            f"got {service} with {_spoken(asked) or 'no condition'}"
        )


def _asked(conditions: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    return {(operator, name): value for operator, names in conditions.items() for name, value in names.items()}


def _is_one(value: object) -> bool:
    """Whether this is one text that does not mean everything."""
    if not isinstance(value, str) or not value.strip():
        return False
    if cdk.Token.is_unresolved(value):
        return True
    if value.startswith("arn:"):
        parts = value.split(":", _ARN_PARTS - 1)
        return len(parts) == _ARN_PARTS and parts[-1] != "*"
    return "*" not in value and "?" not in value


def _spoken(asked: Mapping[tuple[str, str], Any]) -> str:
    return ", ".join(f"{operator} {name}" for operator, name in sorted(asked))
