"""Whom conditions mean: a role by its name, or the accounts of an organization. No tokens, no jsii."""

import re
from collections.abc import Iterable
from dataclasses import replace

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import (
    PRINCIPAL_ARN,
    Conditions,
    Person,
    Principal,
    arn_parts,
    canonical_conditions,
    merge_conditions,
)

_CALLER_ACCOUNT = "kms:CallerAccount"
_OF_ORGANIZATIONS = frozenset({"aws:principalorgid", "aws:principalorgpaths"})
_OF_ACCOUNTS = frozenset({_CALLER_ACCOUNT.lower(), "aws:principalaccount"})
_VARIABLE = re.compile(r"\$\{[A-Za-z0-9.-]+:[^:}]|\$\{[*?$]\}")
"""What IAM puts in when it decides; the names of our own placeholders hold no colon, or two."""


def people_meant(callers: Iterable[Principal], conditions: Conditions, *, account: str) -> tuple[Person, ...]:
    """Return the people that principals under conditions are, each named as narrowly as can be.

    An account of which `aws:PrincipalArn` admits some roles only is these roles by name: so they share a statement with
    others, and an administrator who uses the key is noticed.

    Everybody of an organization would be everybody in the key's own account without any IAM policy, since a key policy
    for `*` needs none there. So the key's account is named apart, and its IAM policies decide as elsewhere.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous

    Args:
        callers: Principals of one statement.
        conditions: Under which they are admitted.
        account: The key's own account, as a principal.
    """
    return tuple(
        person
        for caller in callers
        for person in (
            _of_organization(conditions, account)
            if caller.value == "*" and _is_for_organizations(conditions)
            else _by_name(caller, conditions)
        )
    )


def _by_name(caller: Principal, conditions: Conditions) -> list[Person]:
    names, rest = _parted(conditions)
    if caller.is_account and names and all(_is_in(caller.value, name) for name in names):
        return [Person(replace(caller, named=name), rest) for name in names]
    return [Person(caller, conditions)]


def _parted(conditions: Conditions) -> tuple[tuple[str, ...], Conditions]:
    """Part the ARNs that a caller must have from the other conditions; none, if there are two such demands."""
    demands = [
        (operator, name)
        for operator, keys in conditions.items()
        for name in keys
        if name.lower() == PRINCIPAL_ARN.lower()
    ]
    if len(demands) != 1 or demands[0][0] not in {"ArnEquals", "ArnLike"}:
        return (), conditions
    ((operator, found),) = demands
    rest = {
        each: {name: values for name, values in keys.items() if (each, name) != (operator, found)}
        for each, keys in conditions.items()
    }
    return conditions[operator][found], canonical_conditions(rest)


def _is_in(account: str, name: str) -> bool:
    """Whether an ARN or a pattern of ARNs stands for roles or users of one account only, whoever they are."""
    try:
        _, partition, service, region, owner, resource = arn_parts(name)
    except ConfigurationError:  # a token: whose it is, only the deployment knows
        return False
    literal = resource.startswith(("role/", "user/")) and not _VARIABLE.search(name)
    return literal and f"arn:{partition}:{service}:{region}:{owner}:root" == account


def _is_for_organizations(conditions: Conditions) -> bool:
    names = {name.lower() for keys in conditions.values() for name in keys}
    return bool(names & _OF_ORGANIZATIONS) and not names & _OF_ACCOUNTS


def _of_organization(conditions: Conditions, account: str) -> list[Person]:
    own = arn_parts(account)[4]
    elsewhere = merge_conditions(conditions, {"StringNotEquals": {_CALLER_ACCOUNT: (own,)}})
    return [Person(Principal("AWS", "*"), elsewhere), Person(Principal("AWS", account), conditions)]
