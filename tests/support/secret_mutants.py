"""Mutants of a secret's resource policy: the same policy with one thing removed, replaced or widened."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.support.literal_templates import ACCOUNT, OTHER_ACCOUNT
from tests.support.policy_judge import Document
from tests.support.policy_mutants import listed
from tests.support.secret_judge import EVERY_ACTION

Statement = Mapping[str, Any]

_PRINCIPALS: tuple[Any, ...] = (
    "*",
    {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    {"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"},
    {"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:role/Stranger"},
    {"Service": "glue.amazonaws.com"},
)
_OPERATORS = {
    "ArnEquals": ("ArnNotEquals", "ArnEqualsIfExists"),
    "ArnLike": ("ArnNotLike", "ArnLikeIfExists"),
    "ArnNotEquals": ("ArnEquals", "ForAnyValue:ArnNotEquals"),
    "ArnNotLike": ("ArnLike", "ForAnyValue:ArnNotLike"),
    "Bool": ("BoolIfExists",),
    "BoolIfExists": ("Bool",),
    "StringNotEquals": ("StringEquals", "ForAnyValue:StringNotEquals"),
    "StringNotLike": ("StringLike", "ForAnyValue:StringNotLike"),
}


def mutants_of_secret_policy(policy: Document) -> Iterator[tuple[str, Document, frozenset[str]]]:
    """Yield each change in words, the policy after it, and the actions that it is about.

    Args:
        policy: The resource policy of a secret.
    """
    statements = list(policy["Statement"])
    names = _names_in(statements)
    for number, statement in enumerate(statements):
        before, after = statements[:number], statements[number + 1 :]
        for change, changed in _changes(statement, names):
            touched = {*listed(statement["Action"]), *(listed(changed["Action"]) if changed else ())}
            actions = EVERY_ACTION if "secretsmanager:*" in touched else touched
            kept = [changed] if changed else []
            yield f"{statement['Sid']}: {change}", {**policy, "Statement": [*before, *kept, *after]}, frozenset(actions)


def narrowed_and_moved(policies: tuple[Document, ...], secret_arn: str) -> Iterator[tuple[str, tuple[Document, ...]]]:
    """Yield each change of the IAM statements about one secret, in words, and the policies after it.

    Args:
        policies: The IAM policies of one person.
        secret_arn: The secret.
    """
    for number, policy in enumerate(policies):
        statements = list(policy["Statement"])
        for place, statement in enumerate(statements):
            if not any(each.startswith("secretsmanager:") for each in listed(statement["Action"])):
                continue
            changed = {
                f"without {action}": {**statement, "Action": [x for x in listed(statement["Action"]) if x != action]}
                for action in listed(statement["Action"])
            }
            if secret_arn in listed(statement["Resource"]):
                others = {"*", "arn:aws:secretsmanager:*:*:secret:*", f"{secret_arn.rpartition(':')[0]}:another-AbCdEf"}
                changed |= {f"about {other}": {**statement, "Resource": other} for other in sorted(others)}
            for what, instead in changed.items():
                written = {**policy, "Statement": [*statements[:place], instead, *statements[place + 1 :]]}
                yield f"statement {number}.{place}: {what}", (*policies[:number], written, *policies[number + 1 :])


def _changes(statement: Statement, names: tuple[str, ...]) -> Iterator[tuple[str, Statement | None]]:
    yield "removed", None
    flipped = "Allow" if statement["Effect"] == "Deny" else "Deny"
    yield flipped, {**statement, "Effect": flipped}
    for principal in _PRINCIPALS:
        if principal != statement["Principal"]:
            yield f"principal {principal}", {**statement, "Principal": principal}
    present = listed(statement["Action"])
    if "secretsmanager:*" in present:
        for action in EVERY_ACTION:
            yield f"without {action}", {**statement, "Action": [each for each in EVERY_ACTION if each != action]}
    else:
        yield "every action", {**statement, "Action": "secretsmanager:*"}
        for action in EVERY_ACTION:
            others = [each for each in present if each != action]
            if action not in present:
                yield f"with {action}", {**statement, "Action": [*present, action]}
            elif others:
                yield f"without {action}", {**statement, "Action": others}
    yield from _conditions(statement, names)


def _conditions(statement: Statement, names: tuple[str, ...]) -> Iterator[tuple[str, Statement]]:
    if statement["Effect"] == "Deny" and "Condition" not in statement:
        for name in names:
            yield f"but {name}", {**statement, "Condition": {"ArnNotEquals": {"aws:PrincipalArn": name}}}
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            for what, new_operator, new_values in _changed(operator, key, listed(values), names):
                condition = {
                    other: {name: kept for name, kept in pairs.items() if (other, name) != (operator, key)}
                    for other, pairs in statement["Condition"].items()
                }
                if new_operator:
                    condition[new_operator] = {**condition.get(new_operator, {}), key: new_values}
                kept = {other: pairs for other, pairs in condition.items() if pairs}
                yield f"{operator} {key} {what}", {**statement, "Condition": kept}


def _changed(
    operator: str, key: str, values: list[str], names: tuple[str, ...]
) -> Iterator[tuple[str, str, list[str]]]:
    yield "removed", "", []
    for other in _OPERATORS[operator]:
        yield other, other, values
    for value in values:
        rest = [other for other in values if other != value]
        if rest:
            yield f"without {value}", operator, rest
        for other in _instead(key, value):
            yield f"{other} for {value}", operator, [*rest, other]
    if key == "aws:PrincipalArn":
        for name in names:
            if name not in values:
                yield f"with {name}", operator, [*values, name]


def _instead(key: str, value: str) -> tuple[str, ...]:
    if value in {"true", "false"}:
        return ("false" if value == "true" else "true",)
    if key == "aws:userid":
        return ("*", f"{value}2", f"*:{value.partition(':')[2]}")
    if key == "aws:PrincipalAccount":
        return (OTHER_ACCOUNT if value == ACCOUNT else ACCOUNT, "999999999999")
    if key == "aws:CalledViaLast":
        return ("athena.amazonaws.com", "*")
    if key == "aws:PrincipalOrgID":
        return ("o-other", "*")
    account = value.split(":")[4]
    return (f"arn:aws:iam::{account}:role/*", f"arn:aws:iam::{account}:role/Curious")


def _names_in(statements: list[Statement]) -> tuple[str, ...]:
    """Everybody of the policy and a stranger: whom a statement could spare or let in by mistake."""
    found = {f"arn:aws:iam::{ACCOUNT}:role/Curious"}
    for statement in statements:
        for keys in statement.get("Condition", {}).values():
            found |= {*listed(keys.get("aws:PrincipalArn", []))}
    return tuple(sorted(found))
