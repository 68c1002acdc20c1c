"""Whom conditions mean: a role by its name, or the accounts of an organization. No tokens, no jsii."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from constructs_lib.errors import ConfigurationError
from constructs_lib.policy_variables import holds_variable
from constructs_lib.principals import PRINCIPAL_ARN, Conditions, Person, Principal, arn_parts, canonical_conditions

_CALLER_ACCOUNT = "kms:CallerAccount"
_OF_ACCOUNTS = frozenset({_CALLER_ACCOUNT.lower(), "aws:principalaccount"})
OF_CALLERS = frozenset({PRINCIPAL_ARN.lower(), *_OF_ACCOUNTS})
"""The condition keys, in small letters, that say who is meant."""

_ACCOUNT = re.compile(r"[0-9]{12}")
_EVERYBODY = Principal("AWS", "*")
_ALL_WILDCARD = re.compile(r"[*?]+")


def people_meant(callers: Iterable[Principal], conditions: Conditions, *, account: str) -> tuple[Person, ...]:
    """Return the people that principals under conditions are, each named as narrowly as can be.

    An account of which `aws:PrincipalArn` admits some roles only is these roles by name: so they share a statement with
    others, and an administrator who uses the key is noticed.

    Everybody under conditions would be everybody in the key's own account without any IAM policy, since a key policy
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
        for person in (_everybody(conditions, account) if caller == _EVERYBODY else _by_name(caller, conditions))
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
    """Whether an ARN or a pattern of ARNs names roles or users of one account only, and not just any of a path."""
    try:
        _, partition, service, region, owner, resource = arn_parts(name)
    except ConfigurationError:  # a token: whose it is, only the deployment knows
        return False
    if not resource.startswith(("role/", "user/")) or holds_variable(name):
        return False
    named = _ALL_WILDCARD.fullmatch(resource.rpartition("/")[2]) is None
    return named and f"arn:{partition}:{service}:{region}:{owner}:root" == account


def _everybody(conditions: Conditions, account: str) -> list[Person]:
    own = arn_parts(account)[4]
    demanded = list(_accounts_demanded(conditions))
    if _is_excepted(own, conditions) or any(all(_are_two(own, each) for each in found) for found in demanded):
        return [Person(_EVERYBODY, conditions)]
    here = _by_name(Principal("AWS", account), conditions)
    if any(set(found) == {own} for found in demanded):
        return here
    return [Person(_EVERYBODY, _but(own, conditions)), *here]


def _accounts_demanded(conditions: Conditions) -> Iterator[list[str]]:
    """Yield, for each demand that a caller be of certain accounts, these accounts."""
    for operator, keys in conditions.items():
        for name, values in keys.items():
            if operator == "StringEquals" and name.lower() in _OF_ACCOUNTS:
                yield list(values)
            elif operator in {"StringEquals", "ArnEquals"} and name.lower() == PRINCIPAL_ARN.lower():
                yield [_account_in(value) for value in values]


def _account_in(arn: str) -> str:
    try:
        return arn_parts(arn)[4]
    except ConfigurationError:  # a token: whose it is, only the deployment knows
        return arn


def _are_two(own: str, other: str) -> bool:
    """Whether two accounts are surely not the same, which placeholders may be."""
    return own != other and all(map(_ACCOUNT.fullmatch, (own, other)))


def _is_excepted(own: str, conditions: Conditions) -> bool:
    excepted = conditions.get("StringNotEquals", {})
    return any(own in values for name, values in excepted.items() if name.lower() in _OF_ACCOUNTS)


def _but(own: str, conditions: Conditions) -> Conditions:
    """Return conditions that except one account more; who is none of several values is each of them not."""
    excepted = dict(conditions.get("StringNotEquals", {}))
    name = next((each for each in excepted if each.lower() == _CALLER_ACCOUNT.lower()), _CALLER_ACCOUNT)
    excepted[name] = (*excepted.get(name, ()), own)
    return canonical_conditions({**conditions, "StringNotEquals": excepted})
