"""Whom a Deny spares: everybody whose `aws:PrincipalArn` is not one of some names is hit. No jsii.

Several conditions of one statement must all hold, and a negated operator holds where the key is absent: so names and
patterns stand side by side, and whoever has no name, such as an AWS service that acts for itself, is hit.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import re
from collections.abc import Iterable

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import PRINCIPAL_ARN, Conditions, Person, Principal, arn_parts

_ROLE_OR_USER = re.compile(r"(role|user)/.+")
# https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
_OF_PERMISSION_SET = re.compile(r"role/aws-reserved/sso\.amazonaws\.com/(\*/)?AWSReservedSSO_[^/*?]+_\?{16}")
_TOKEN = re.compile(r"\$\{[^}]*\}")


def everybody_but(names: Iterable[str]) -> Conditions:
    """Return conditions that hold for everybody who has none of these names.

    Args:
        names: ARNs, and patterns of ARNs, of roles and users.

    Examples:
        >>> everybody_but(["arn:aws:iam::111122223333:role/Reader"])
        {'ArnNotEquals': {'aws:PrincipalArn': ('arn:aws:iam::111122223333:role/Reader',)}}
    """
    given = tuple(names)
    patterns = tuple(name for name in given if is_pattern(name))
    exact = tuple(name for name in given if name not in patterns)
    return {
        operator: {PRINCIPAL_ARN: values}
        for operator, values in (("ArnNotEquals", exact), ("ArnNotLike", patterns))
        if values
    }


def is_pattern(name: str) -> bool:
    """Whether a name stands for several callers.

    Args:
        name: An ARN, or a pattern of ARNs.
    """
    return "*" in name or "?" in name


def refuse_wildcards(rule: str, name: str) -> None:
    """Refuse a pattern where one role or user is meant: a condition would spare everybody whom it fits.

    The one exception is a permission set, whose roles only AWS makes, with a name of which it draws the end.

    Args:
        rule: The beginning of a refusal, such as `readers must be`.
        name: The ARN of a role or user, or a placeholder for it.

    Raises:
        ConfigurationError: If it is a pattern.
    """
    if not is_pattern(name):
        return
    try:
        *before, resource = arn_parts(name)
    except ConfigurationError:
        before, resource = [name], ""
    if any(map(is_pattern, before)) or not _OF_PERMISSION_SET.fullmatch(resource):
        raise ConfigurationError(
            f"{rule} roles and users by their whole names, without * and ?, got {name}; "
            "permission_set(...) names those of a permission set"
        )


def names_to_spare(rule: str, callers: Iterable[Principal]) -> tuple[str, ...]:
    """Return what `aws:PrincipalArn` is when these callers ask.

    Args:
        rule: The beginning of a refusal, such as `readers must be`.
        callers: Roles and users, by identity, name or pattern.

    Raises:
        ConfigurationError: If one of them is not a role or user, and would be hit.
    """
    names = []
    for caller in callers:
        name = caller.named or caller.value
        is_token = _TOKEN.fullmatch(name) is not None  # a role or user of the stack
        if caller.kind != "AWS" or not (is_token or _is_role_or_user(name)):
            raise ConfigurationError(f"{rule} roles and users only, got {name}")
        names.append(name)
    return tuple(names)


def without_conditions(argument: str, person: Person) -> Principal:
    """Return who somebody is.

    Args:
        argument: What a refusal calls the person.
        person: Somebody who is meant always.

    Raises:
        ConfigurationError: If the person is meant only under conditions, which a name cannot say.
    """
    if person.conditions:
        raise ConfigurationError(f"{argument} must name people without conditions, got conditions on {person}")
    return person.principal


def _is_role_or_user(arn: str) -> bool:
    try:
        return _ROLE_OR_USER.fullmatch(arn_parts(arn)[-1]) is not None
    except ConfigurationError:  # everybody, or an account's number
        return False
