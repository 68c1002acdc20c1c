"""Mutants of the statements that deny everybody something: the same policy with one thing in one of them changed."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.support.policy_judge import Document
from tests.support.policy_mutants import listed

_ACCOUNT = "arn:aws:iam::111122223333"
_OTHER_PRINCIPALS = (
    {"AWS": f"{_ACCOUNT}:root"},
    {"AWS": f"{_ACCOUNT}:role/Somebody"},
    {"Service": "glue.amazonaws.com"},
)
_OTHER_NAMES = (f"{_ACCOUNT}:role/*", f"{_ACCOUNT}:role/Administrator")
_OTHER_OPERATORS = {
    "ArnNotEquals": ("ArnEquals", "ForAnyValue:ArnNotEquals"),
    "ArnNotLike": ("ArnLike", "ForAnyValue:ArnNotLike"),
    "Bool": ("BoolIfExists",),
    "NumericGreaterThan": ("NumericGreaterThanEquals", "NumericGreaterThanIfExists", "NumericLessThanEquals"),
    "NumericGreaterThanIfExists": ("NumericGreaterThanEqualsIfExists", "NumericGreaterThan", "NumericLessThanEquals"),
    "NumericLessThan": ("NumericLessThanEquals", "NumericLessThanIfExists", "NumericGreaterThanEquals"),
}
# Such a condition key comes with the requests of one action; about any other the Deny would say nothing.
_OF_ONE_ACTION = {"Bool", "NumericGreaterThan", "NumericLessThan"}

Statement = Mapping[str, Any]


def mutants_of_denials(policy: Document, actions: frozenset[str]) -> Iterator[tuple[str, Document]]:
    """Yield each change in words, and the policy after it.

    Args:
        policy: A key policy whose denials are for everybody.
        actions: What the key can do.
    """
    statements = list(policy["Statement"])
    for number, statement in enumerate(statements):
        if statement["Effect"] != "Deny":
            continue
        before, after = statements[:number], statements[number + 1 :]
        yield f"{statement['Sid']}: removed", {**policy, "Statement": [*before, *after]}
        for change, changed in _changes(statement, actions):
            yield f"{statement['Sid']}: {change}", {**policy, "Statement": [*before, changed, *after]}


def _changes(statement: Statement, actions: frozenset[str]) -> Iterator[tuple[str, Statement]]:
    yield "allowed", {**statement, "Effect": "Allow"}
    for principal in _OTHER_PRINCIPALS:
        yield f"principal {principal}", {**statement, "Principal": principal}
    present = listed(statement["Action"])
    for action in present:
        rest = [other for other in present if other != action]
        if rest:
            yield f"without {action}", {**statement, "Action": rest}
    for action in sorted(actions.difference(present)):
        if not _OF_ONE_ACTION & statement["Condition"].keys():
            yield f"with {action}", {**statement, "Action": [*present, action]}
        yield f"{action} instead", {**statement, "Action": action}
    for operator, keys in statement["Condition"].items():
        for key, values in keys.items():
            for change, new_operator, new_values in _condition(operator, listed(values)):
                rest_of = {name: pairs for name, pairs in statement["Condition"].items() if name != operator}
                condition = {**rest_of, **({new_operator: {key: new_values}} if new_operator else {})}
                yield f"{operator} {key} {change}", {**statement, "Condition": condition}


def _condition(operator: str, values: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    yield "removed", "", []
    for other in _OTHER_OPERATORS[operator]:
        yield other, other, values
    for value in values:
        rest = [other for other in values if other != value]
        if rest:
            yield f"without {value}", operator, rest
        for other in _other_values(value):
            yield f"{other} for {value}", operator, [*rest, other]


def _other_values(value: str) -> tuple[str, ...]:
    if value.isdigit():
        return str(int(value) - 1), str(int(value) + 1), "0"
    return ("false",) if value == "true" else _OTHER_NAMES
