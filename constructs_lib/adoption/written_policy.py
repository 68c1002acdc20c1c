"""WrittenStatement: a statement of some key policy, whoever wrote it, with exact actions and comparable parts."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.actions import OF_KEY_POLICIES
from constructs_lib.errors import ConfigurationError
from constructs_lib.exact_actions import matching
from constructs_lib.guardrails.template_values import as_list, flat

EVERYBODY = "everybody"

_ACCOUNT = re.compile(r"\d{12}|\$\{AWS::AccountId\}")
_WILDCARD = re.compile(r"[*?]")
_THIS_KEY = "*"
_KINDS = {"AWS", "CanonicalUser", "Federated", "Service"}


@dataclass(frozen=True, order=True)
class Condition:
    """What one condition demands: a key, an operator, and values of which one must fit."""

    operator: str
    key: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        """Return it as a line."""
        return f"{self.operator} {self.key} {' or '.join(self.values)}"


@dataclass(frozen=True, kw_only=True)
class WrittenStatement:
    """One statement as its parts.

    Attributes:
        name: Its Sid, or which of the statements without Sid it is.
        effect: `Allow` or `Deny`.
        principals: ARNs, services, `everybody`, or everybody but somebody.
        actions: Exact actions, wildcards expanded to what the kind of key has.
        conditions: All that must hold.
        resources: On which keys; none if it is this one, as it should be.
    """

    name: str
    effect: str
    principals: frozenset[str]
    actions: frozenset[str]
    conditions: frozenset[Condition] = frozenset()
    resources: frozenset[str] = frozenset()


def parse_policy(text: str) -> Mapping[str, Any]:
    """Return the policy that `aws kms get-key-policy` printed, as text or as JSON.

    Raises:
        ConfigurationError: If it is none.
    """
    try:
        found = json.loads(text)
        if isinstance(found, dict) and "Policy" in found:
            found = found["Policy"]
        if isinstance(found, str):
            found = json.loads(found)
    except ValueError as error:
        raise ConfigurationError(f"the policy of today must be JSON, got {text[:40]!r}: {error}") from error
    if not isinstance(found, dict) or "Statement" not in found:
        raise ConfigurationError(f"the policy of today must be a policy document with a Statement, got {text[:40]!r}")
    return found


def read_statements(
    policy: Mapping[str, Any], *, actions: frozenset[str], partition: str = "aws"
) -> tuple[WrittenStatement, ...]:
    """Return the statements of a key policy.

    Args:
        policy: The policy document, without intrinsic functions where their values are known.
        actions: What the kind of key has, for wildcards.
        partition: Of accounts that are written as a number alone.

    Raises:
        ConfigurationError: If a statement lacks what KMS demands.
    """
    if "Statement" not in policy:
        raise ConfigurationError(f"a key policy must have a Statement, got {sorted(policy)}")
    counted: Counter[str] = Counter()
    return tuple(
        _statement(statement, _name(statement, counted), actions, partition)
        for statement in as_list(policy.get("Statement"))
    )


def _name(statement: object, counted: Counter[str]) -> str:
    if not isinstance(statement, Mapping):
        raise ConfigurationError(f"a statement must be a JSON object, got {statement!r}")
    sid = flat(statement.get("Sid") or "")
    counted[sid] += 1
    if not sid:
        return f"(no Sid, {counted[sid]})"
    return sid if counted[sid] == 1 else f"{sid} ({counted[sid]})"


def _statement(statement: Mapping[str, Any], name: str, actions: frozenset[str], partition: str) -> WrittenStatement:
    effect = statement.get("Effect")
    if effect not in {"Allow", "Deny"}:
        raise ConfigurationError(f"Effect must be Allow or Deny, got {effect!r} in statement {name}")
    for wanted in ("Principal", "Action"):
        if not statement.keys() & {wanted, f"Not{wanted}"}:
            raise ConfigurationError(f"a statement must have {wanted}, got none in statement {name}")
    return WrittenStatement(
        name=name,
        effect=effect,
        principals=frozenset(_principals(statement, partition)),
        actions=frozenset(_actions(statement, actions)),
        conditions=frozenset(_conditions(statement.get("Condition") or {}, name)),
        resources=frozenset(_resources(statement)),
    )


def _principals(statement: Mapping[str, Any], partition: str) -> Iterator[str]:
    if "NotPrincipal" in statement:
        yield f"{EVERYBODY} but {' and '.join(sorted(_named(statement['NotPrincipal'], partition)))}"
    else:
        yield from _named(statement["Principal"], partition)


def _named(principal: object, partition: str) -> Iterator[str]:
    by_kind = principal if isinstance(principal, Mapping) and principal.keys() <= _KINDS else {"AWS": principal}
    for values in by_kind.values():
        for value in as_list(values):
            text = flat(value)
            if _ACCOUNT.fullmatch(text):
                text = f"arn:{partition}:iam::{text}:root"
            yield EVERYBODY if text == "*" else text


def _actions(statement: Mapping[str, Any], of_kind: frozenset[str]) -> Iterable[str]:
    if "NotAction" in statement:
        return of_kind - matching([flat(each) for each in as_list(statement["NotAction"])], of_kind)
    found: set[str] = set()
    for each in as_list(statement["Action"]):
        text = flat(each)
        among = of_kind if _WILDCARD.search(text) else OF_KEY_POLICIES
        found |= matching([text], among) or {text}  # what KMS does not have stays as it is written
    return found


def _conditions(condition: object, name: str) -> Iterator[Condition]:
    for operator, keys in condition.items() if isinstance(condition, Mapping) else [("Condition", condition)]:
        if not isinstance(keys, Mapping):
            raise ConfigurationError(
                f"Condition must map operators to keys and values, got {operator} {keys!r} in statement {name}"
            )
        for key, values in keys.items():
            yield Condition(operator, key, tuple(sorted({flat(value) for value in as_list(values)})))


def _resources(statement: Mapping[str, Any]) -> Iterator[str]:
    if "NotResource" in statement:
        yield from (f"all but {flat(each)}" for each in as_list(statement["NotResource"]))
        return
    found = [flat(each) for each in as_list(statement.get("Resource"))]
    yield from (found or ["none"]) if _THIS_KEY not in found else ()
