"""Mutants of a policy: the same policy with one thing removed, replaced or widened."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.support.literal_templates import ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION
from tests.support.policy_judge import Document, KmsKey

_INTRUDERS = {
    "AWS": (
        f"arn:aws:iam::{ACCOUNT}:root",
        f"arn:aws:iam::{OTHER_ACCOUNT}:root",
        f"arn:aws:iam::{ACCOUNT}:role/Stranger",
        "*",
    ),
    "Service": ("glue.amazonaws.com",),
}
_NEGATED = {"StringEquals": "StringNotEquals", "StringLike": "StringNotLike", "ArnEquals": "ArnNotEquals"}
_LOOSER = {"StringEquals": "StringLike", "ArnEquals": "ArnLike"}
# Of the six parts of an ARN, what else Region and account could be.
_ARN = {0: (), 1: (), 2: (), 3: (OTHER_REGION, "*"), 4: (OTHER_ACCOUNT, "*"), 5: ()}

Statement = Mapping[str, Any]
_Change = Callable[[Statement], Iterator[tuple[str, Statement]]]


@dataclass(frozen=True)
class Mutant:
    """A changed policy.

    Attributes:
        change: What was changed, in words.
        policy: The policy after the change.
        actions: The actions about which it says something else than before.
    """

    change: str
    policy: Document
    actions: frozenset[str]


def mutants_of_key_policy(policy: Document, every_action: Sequence[str]) -> Iterator[Mutant]:
    """Change statements, effects, actions, principals and conditions of a key policy, one at a time.

    Args:
        policy: The key policy.
        every_action: What the kind of key has.
    """
    for change, statements, actions in _changed_statements(policy, every_action, (*_of_both, *_of_key_statement)):
        yield Mutant(change, {**policy, "Statement": statements}, actions)


def mutants_of_iam_policy(
    policy: Document, key: KmsKey, every_action: Sequence[str], *, another_key_arn: str
) -> Iterator[Mutant]:
    """Change effects, actions, resources and conditions of the statements about one key, one at a time.

    Args:
        policy: An IAM policy.
        key: The key.
        every_action: What the kind of key has.
        another_key_arn: What to put in its place.
    """

    def resources(statement: Statement) -> Iterator[tuple[str, Statement]]:
        for resource in ("*", another_key_arn):
            yield f"resource {resource}", {**statement, "Resource": resource}

    changes = (*_of_both, resources, _conditions)
    bound = _changed_statements(policy, every_action, changes, lambda each: is_bound(each, key))
    for change, statements, actions in bound:
        yield Mutant(change, {**policy, "Statement": statements}, actions)


def _changed_statements(
    policy: Document,
    every_action: Sequence[str],
    changes: Iterable[_Change],
    chosen: Callable[[Statement], bool] = bool,
) -> Iterator[tuple[str, list[Statement], frozenset[str]]]:
    statements = list(policy["Statement"])
    for number, statement in enumerate(statements):
        if not chosen(statement):
            continue
        name = statement.get("Sid", f"statement {number}")
        before, after = statements[:number], statements[number + 1 :]
        yield f"{name}: removed", [*before, *after], frozenset(listed(statement["Action"]))
        of_actions: _Change = partial(_actions, every_action)
        for change in (of_actions, *changes):
            for what, changed in change(statement):
                actions = set(listed(statement["Action"])) ^ set(listed(changed["Action"]))
                actions = actions or set(listed(statement["Action"]))
                if "kms:*" in actions:
                    actions = set(every_action) - set(listed(statement["Action"]))
                yield f"{name}: {what}", [*before, changed, *after], frozenset(actions)


def _effect(statement: Statement) -> Iterator[tuple[str, Statement]]:
    flipped = "Deny" if statement["Effect"] == "Allow" else "Allow"
    yield flipped, {**statement, "Effect": flipped}


def _actions(every_action: Sequence[str], statement: Statement) -> Iterator[tuple[str, Statement]]:
    present = listed(statement["Action"])
    missing = [action for action in every_action if action not in present]
    yield "every action", {**statement, "Action": "kms:*"}
    for action in present:
        rest = [other for other in present if other != action]
        if rest:
            yield f"without {action}", {**statement, "Action": rest}
        for other in missing:
            yield f"{other} for {action}", {**statement, "Action": [*rest, other]}
    for other in missing:
        yield f"with {other}", {**statement, "Action": [*present, other]}


def _principals(statement: Statement) -> Iterator[tuple[str, Statement]]:
    if statement["Principal"] == "*":
        yield from _somebody_for_everybody(statement)
        return
    yield "everybody", {**statement, "Principal": "*"}
    for kind, values in statement["Principal"].items():
        present = listed(values)
        for value in present:
            rest = [other for other in present if other != value]
            if rest:
                yield f"without {value}", {**statement, "Principal": {kind: rest}}
            for intruder in _INTRUDERS[kind]:
                if intruder not in present:
                    yield f"{intruder} for {value}", {**statement, "Principal": {kind: [*rest, intruder]}}
        for intruder in _INTRUDERS[kind]:
            if intruder not in present:
                yield f"with {intruder}", {**statement, "Principal": {kind: [*present, intruder]}}
        if kind == "Service":
            account = {"AWS": _INTRUDERS["AWS"][0]}
            yield "the account for services", {**statement, "Principal": account}
            yield "with the account", {**statement, "Principal": {kind: present, **account}}


def _somebody_for_everybody(statement: Statement) -> Iterator[tuple[str, Statement]]:
    for intruder in _INTRUDERS["AWS"][:-1]:
        yield f"{intruder} for everybody", {**statement, "Principal": {"AWS": intruder}}


def _conditions(statement: Statement) -> Iterator[tuple[str, Statement]]:
    for operator, keys in statement.get("Condition", {}).items():
        for name, values in keys.items():
            for what, new_operator, new_values in _changed_values(operator, listed(values)):
                condition = {
                    other: {key: kept for key, kept in pairs.items() if (other, key) != (operator, name)}
                    for other, pairs in statement["Condition"].items()
                }
                if new_operator:
                    condition[new_operator] = {**condition.get(new_operator, {}), name: new_values}
                condition = {other: pairs for other, pairs in condition.items() if pairs}
                yield f"{operator} {name} {what}", {**statement, "Condition": condition}


def _changed_values(operator: str, values: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    yield "removed", "", []
    yield "emptied", "StringEquals", [""]
    yield "if it exists", f"{operator}IfExists", values
    if operator in _NEGATED:
        yield "negated", _NEGATED[operator], values
    if operator in _LOOSER:
        yield "loosened", _LOOSER[operator], values
    for value in values:
        rest = [other for other in values if other != value]
        if rest:
            yield f"without {value}", operator, rest
        others = ["false" if value == "true" else "true"] if operator == "Null" else _wider(value)
        for wider in (other for other in others if other != value):
            is_pattern = "*" in wider and "*" not in value
            yield f"{wider} for {value}", _LOOSER.get(operator, operator) if is_pattern else operator, [*rest, wider]


def _wider(value: str) -> Iterator[str]:
    """Give values that admit more than one value does, or something else."""
    parts = value.split(":", 5)
    if len(parts) == len(_ARN):
        for place, others in _ARN.items():
            for other in others if parts[place] else ():
                yield ":".join([*parts[:place], other, *parts[place + 1 :]])
        kind = re.split("[:/]", parts[5])[0]
        if kind != "*":
            # Some resources are told by their name alone, without what kind they are in front of it.
            yield ":".join([*parts[:5], "*" if kind == parts[5] else parts[5][: len(kind) + 1] + "*"])
        yield f"arn:*:{parts[2]}:*:*:*"
        if "?" in value:
            yield re.sub(r"\?+", "*", value)
        return
    yield "*"
    if value.startswith("o-") and value.endswith("/*"):  # the path of an organizational unit
        yield f"{value[:-2].rpartition('/')[0]}/*"
        yield f"{value[:-2]}*"
        yield f"{value[:-1]}ou-*"
        yield value[:-1]
    if value in {"true", "false"}:
        yield "false" if value == "true" else "true"
    elif re.fullmatch(r"\d{12}", value):
        yield OTHER_ACCOUNT
    elif REGION in value:
        yield value.replace(REGION, OTHER_REGION)
        yield value.replace(REGION, "*")
        yield f"*{value[value.index('.') :]}"


def is_bound(statement: Statement, key: KmsKey) -> bool:
    """Whether an IAM statement speaks of one key only: by its ARN, or by its account, Region and alias."""
    if statement["Resource"] == key.arn:
        return True
    asked = statement.get("Condition", {}).get("ForAnyValue:StringEquals", {}).get("kms:ResourceAliases")
    return asked in key.aliases and statement["Resource"] == f"{key.arn.rpartition('/')[0]}/*"


def listed(values: str | Sequence[str]) -> list[str]:
    """Return one value or several as a list."""
    return [values] if isinstance(values, str) else list(values)


_of_both = (_effect,)
_of_key_statement = (_principals, _conditions)
