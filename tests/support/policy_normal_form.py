"""A normal form of key policies: two policies with the same normal form decide every request alike.

It is the argument why a mutant that no row of a table detects may be one that nothing can detect. Each rule says why
it changes no decision; what no rule covers stays different, and the mutant counts as undetected.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import product
from typing import Any

from tests.support.literal_templates import ACCOUNT
from tests.support.policy_judge import Caller, Document
from tests.support.policy_mutants import listed

Condition = tuple[str, str, tuple[str, ...]]

_EVERYBODY = ("AWS", "*")
_PRINCIPAL_ARN = "aws:PrincipalArn"
_NEGATED = re.compile(r"Not")
_IF_EXISTS = "IfExists"
_CALLER_ACCOUNT = "kms:CallerAccount"
_ORGANIZATION, _UNIT = "aws:PrincipalOrgID", "aws:PrincipalOrgPaths"
_DEMANDS = {"StringEquals", "StringLike", "ForAnyValue:StringEquals", "ForAnyValue:StringLike"}
_TEXTS = {"StringEquals", "StringLike"}
_ROOT = re.compile(r"arn:aws:iam::(\d{12}):root")


@dataclass(frozen=True)
class Atom:
    """What is said to one principal about one action, under one value of each condition."""

    effect: str
    principal: tuple[str, str]
    conditions: frozenset[Condition]

    @property
    def account(self) -> str | None:
        """The account that the principal is, if it is one."""
        found = _ROOT.fullmatch(self.principal[1])
        return found[1] if found else None

    @property
    def names(self) -> tuple[str, ...]:
        """The patterns that `aws:PrincipalArn` must all match."""
        return tuple(
            value for operator, key, (value, *_) in self.conditions if (operator, key) == ("Arn", _PRINCIPAL_ARN)
        )


def normal_form(policy: Document, action: str) -> frozenset[Atom]:
    """Return what a policy says about one action, without what it says twice or in vain."""
    atoms = {atom for atom in map(_normal, _atoms(policy, action)) if not _contradicts_itself(atom)}
    atoms = {atom for atom in atoms if not any(other != atom and _covers(other, atom) for other in atoms)}
    allowed = [atom for atom in atoms if atom.effect == "Allow"]
    # A Deny of what nothing allows is implicit anyway.
    return frozenset(atom for atom in atoms if atom.effect == "Allow" or any(_meet(atom, other) for other in allowed))


def needs_iam(policy: Document, caller: Caller, action: str, *, owner: str) -> bool:
    """Whether any request for an action could depend on the caller's IAM policies.

    It cannot where the policy leaves nothing about that action to the caller's account; not where it names a caller
    of the owner's account without conditions, since then no IAM statement is missed and none adds anything; and not
    where it denies the caller.
    """
    about = [atom for atom in normal_form(policy, action) if may_be(caller, atom)]
    if any(atom.effect == "Deny" and _names_alone(atom) for atom in about):
        return False
    if caller.account == owner and any(atom.principal[1] == caller.arn and not atom.conditions for atom in about):
        return False
    return any(
        atom.account == caller.account or (caller.account != owner and atom.principal == ("AWS", caller.arn))
        for atom in about
        if atom.effect == "Allow"
    )


def may_be(caller: Caller, atom: Atom) -> bool:
    return all(fnmatchcase(caller.arn, pattern) for pattern in atom.names)


def _names_alone(atom: Atom) -> bool:
    return atom.principal == _EVERYBODY and all(key == _PRINCIPAL_ARN for _, key, _ in atom.conditions)


def _atoms(policy: Document, action: str) -> Iterator[Atom]:
    for statement in policy["Statement"]:
        if not any(fnmatchcase(action, name) for name in listed(statement["Action"])):
            continue
        principal = statement["Principal"]
        pairs = [_EVERYBODY] if principal == "*" else [(k, v) for k, vs in principal.items() for v in listed(vs)]
        for pair, conditions in product(pairs, _alternatives(statement.get("Condition", {}))):
            yield Atom(statement["Effect"], pair, frozenset(conditions))


def _alternatives(condition: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[Condition, ...]]:
    """Values of one condition are alternatives, so each makes an atom of its own; negated ones are demands."""
    choices: list[list[Condition]] = []
    for operator, keys in condition.items():
        for key, values in keys.items():
            if _NEGATED.search(operator):
                choices.append([(operator, key, tuple(sorted(listed(values))))])
            else:
                choices.append([(operator, key, (value,)) for value in listed(values)])
    yield from product(*choices)


def _normal(atom: Atom) -> Atom:
    conditions = frozenset(found for each in atom.conditions if (found := _normal_condition(each, atom)))
    atom = replace(atom, conditions=_with_what_a_unit_says(conditions))
    # Everybody of a name in another account needs an IAM policy there, as the account does.
    for account in {name.split(":")[4] for name in atom.names} - {ACCOUNT}:
        if atom.principal == _EVERYBODY and account.isdigit():
            atom = replace(atom, principal=("AWS", f"arn:aws:iam::{account}:root"))
    # Whom a Deny names by name is told by the name alone; the account adds nothing, as all names hold their account.
    if atom.effect == "Deny" and atom.account and any("*" not in name for name in atom.names):
        atom = replace(atom, principal=_EVERYBODY) if _agrees(atom) else atom
    return atom


def _with_what_a_unit_says(conditions: frozenset[Condition]) -> frozenset[Condition]:
    """Say of which organization a caller must be where a unit is demanded: it is in no other one.

    A caller in an organization has both condition keys, another one neither. So where the organization is demanded, the
    unit is demanded even if only where it exists.
    """
    if any(key == _ORGANIZATION and operator in _DEMANDS for operator, key, _ in conditions):
        conditions = frozenset(
            (operator.removesuffix(_IF_EXISTS) if key == _UNIT else operator, key, values)
            for operator, key, values in conditions
        )
    units = [value for operator, key, (value, *_) in conditions if key == _UNIT and operator in _DEMANDS]
    for organization in {name for unit in units if "*" not in (name := unit.partition("/")[0])}:
        implied = {
            (operator, key, values)
            for operator, key, values in conditions
            if key == _ORGANIZATION
            and operator.removesuffix(_IF_EXISTS) in _DEMANDS
            and fnmatchcase(organization, values[0])
        }
        conditions = conditions - implied | {("StringEquals", _ORGANIZATION, (organization,))}
    return conditions


def _normal_condition(condition: Condition, atom: Atom) -> Condition | None:
    operator, key, values = condition
    # Every request that an AWS principal can match is signed, and every signed one has aws:PrincipalArn.
    if operator.endswith("IfExists") and key == _PRINCIPAL_ARN and atom.principal[0] == "AWS" and atom.account:
        operator = operator.removesuffix("IfExists")
    # What is not equal is not equal to nothing either, so a negated operator holds for an absent key anyway.
    if operator.endswith(_IF_EXISTS) and _NEGATED.search(operator):
        operator = operator.removesuffix(_IF_EXISTS)
    # ArnEquals and ArnLike are one operator, and an ARN that matches each pattern of stars is any ARN.
    if operator in {"ArnEquals", "ArnLike"}:
        operator = "Arn"
    # StringLike without a wildcard is StringEquals.
    if operator == "StringLike" and not any("*" in value or "?" in value for value in values):
        operator = "StringEquals"
    # The principal is one account, so its callers' ARNs hold that account, whatever a pattern would admit.
    if (operator, key) == ("Arn", _PRINCIPAL_ARN) and atom.account:
        parts = values[0].split(":", 5)
        if fnmatchcase(atom.account, parts[4]):
            values = (":".join([*parts[:4], atom.account, parts[5]]),)
    return operator, key, values


def _agrees(atom: Atom) -> bool:
    return all(fnmatchcase(str(atom.account), name.split(":")[4]) for name in atom.names)


def _contradicts_itself(atom: Atom) -> bool:
    """Nobody of one account has a name in another, and nobody has another name than his own."""
    if atom.account is not None:
        return not _agrees(atom)
    return atom.principal[1] not in {"*", ""} and not all(fnmatchcase(atom.principal[1], name) for name in atom.names)


def _covers(wide: Atom, narrow: Atom) -> bool:
    """Whether an atom applies wherever another does: everybody, or the same principal, under fewer conditions."""
    return (
        wide.effect == narrow.effect
        and wide.principal in {narrow.principal, _EVERYBODY}
        and all(
            any(_implies(other, each) for other in narrow.conditions) or _holds_in_account_of(narrow, each)
            for each in wide.conditions
        )
    )


def _holds_in_account_of(atom: Atom, condition: Condition) -> bool:
    """Whether a condition is that the caller is of none of some accounts, and the atom is about another account."""
    operator, key, values = condition
    return (operator, key) == ("StringNotEquals", _CALLER_ACCOUNT) and atom.account not in {None, *values}


def _implies(narrow: Condition, wide: Condition) -> bool:
    """Whether a condition holds only where another does: the same one, or a value that the other's pattern matches."""
    if narrow == wide or narrow[1] != wide[1] or wide[0] != "StringLike" or narrow[0] not in _TEXTS:
        return narrow == wide
    if narrow[0] == "StringEquals":
        return fnmatchcase(narrow[2][0], wide[2][0])
    # What begins as the other pattern does, which ends in a star, matches it, whatever follows.
    return wide[2][0].endswith("*") and narrow[2][0].startswith(wide[2][0][:-1])


def _meet(denied: Atom, allowed: Atom) -> bool:
    """Whether a request could be both allowed by one atom and denied by another; in doubt it could."""
    named = [name for name in denied.names if "*" not in name]
    return not named or all(
        all(fnmatchcase(name, pattern) for pattern in allowed.names)
        and (allowed.principal == _EVERYBODY or allowed.account == name.split(":")[4] or allowed.principal[1] == name)
        for name in named
    )
