"""Whether two ARNs can be one caller, however each of them is spelled. No jsii.

A role has more than one ARN: in a template the partition may be left to the deployment, and its sessions have ARNs of
their own, without the role's path. And a pattern, such as that of a permission set, stands for many.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
"""

import re
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import PRINCIPAL_ARN, Conditions, Person, arn_parts

_EVERYBODY = "*"
_ANYBODY = re.compile(r"\*|(role|user)/[*?/]*")  # of an account
_SESSION = "assumed-role"
_DEMANDS = re.compile(r"(ForAnyValue:|ForAllValues:)?(String|Arn)(Equals|EqualsIgnoreCase|Like)(IfExists)?")
_EXCEPTS = re.compile(r"ArnNot(Equals|Like)(IfExists)?")


class _Caller(NamedTuple):
    account: str
    kind: str
    path_and_name: str
    name: str
    has_path: bool


def may_be_same(one: str, other: str) -> bool:
    """Whether two ARNs or patterns of ARNs can mean the same caller.

    Two patterns are compared as far as one of them, read as a name, fits the other.

    Examples:
        >>> session = "arn:aws:sts::111122223333:assumed-role/Admin/me"
        >>> may_be_same("arn:${AWS::Partition}:iam::111122223333:role/team/Admin", session)
        True
    """
    return one == other or _are_same(one, other)


def covers(pattern: str, arn: str) -> bool:
    """Whether a condition on `aws:PrincipalArn` with this pattern is about everybody whom an ARN or pattern means.

    Examples:
        >>> covers("arn:aws:iam::111122223333:role/Admin*", "arn:${AWS::Partition}:iam::111122223333:role/Admin")
        True
    """
    if pattern == arn:
        return True
    try:
        over, under = arn_parts(pattern), arn_parts(arn)
    except ConfigurationError:  # one that only the deployment knows
        return False
    return all(_matches(one, other) for one, other in zip(under[2:], over[2:], strict=True))


def whose_arns(person: Person) -> tuple[str, ...]:
    """Return the ARNs by which somebody is known.

    An account under a condition on `aws:PrincipalArn` is whom that names, unless it names anybody.
    """
    principal = person.principal
    if principal.is_account or principal.value == _EVERYBODY:
        named = _arns(person.conditions, _DEMANDS)
        return named if named and not any(map(_is_anybody, named)) else (principal.value,)
    return (principal.named or principal.value,)


def excepted_arns(conditions: Conditions) -> tuple[str, ...]:
    """Return the ARNs and patterns that conditions except."""
    return _arns(conditions, _EXCEPTS)


def _is_anybody(arn: str) -> bool:
    try:
        return _ANYBODY.fullmatch(arn_parts(arn)[-1]) is not None
    except ConfigurationError:
        return arn == _EVERYBODY


def _arns(conditions: Conditions, operators: re.Pattern[str]) -> tuple[str, ...]:
    return tuple(
        value
        for operator, keys in conditions.items()
        for name, values in keys.items()
        if operators.fullmatch(operator) and name.lower() == PRINCIPAL_ARN.lower()
        for value in values
    )


@lru_cache(maxsize=4_096)  # a grant is compared anew whenever another one comes
def _are_same(one: str, other: str) -> bool:
    first, second = _caller(one), _caller(other)
    if first is None or second is None or first.kind != second.kind or not _fit(first.account, second.account):
        return False
    if first.has_path and second.has_path:
        return _fit(first.path_and_name, second.path_and_name)
    return _fit(first.name, second.name)


def _caller(arn: str) -> _Caller | None:
    try:
        _, _, _, _, account, resource = arn_parts(arn)
    except ConfigurationError:  # no ARN, or one that only the deployment knows
        return None
    # IAM takes no two names that differ in capitals alone.
    kind, _, rest = resource.lower().partition("/")
    if kind == _SESSION:
        name = rest.partition("/")[0]
        return _Caller(account, "role", name, name, has_path=False)
    return _Caller(account, kind, rest, rest.rpartition("/")[2], has_path=True)


def _fit(one: str, other: str) -> bool:
    return _matches(one, other) or _matches(other, one)


def _matches(name: str, pattern: str) -> bool:
    # IAM knows * and ? alone; brackets stand for themselves.
    return fnmatchcase(name, pattern.replace("[", "[[]"))
