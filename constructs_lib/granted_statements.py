"""What was granted, in as few statements as possible, whose order and Sids no order of grants changes. No jsii."""

import json
from collections.abc import Iterable, Sequence

from constructs_lib.actions import CREATE_GRANT
from constructs_lib.policy_variables import are_literal
from constructs_lib.principals import (
    Conditions,
    Effect,
    Permission,
    Person,
    Principal,
    canonical_conditions,
    merge_conditions,
    short_digest,
)
from constructs_lib.statements import Statement

_FOR_AWS_RESOURCES = "kms:GrantIsForAWSResource"
FOR_AWS_RESOURCES: Conditions = {"Bool": {_FOR_AWS_RESOURCES: ("true",)}}
"""https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-grant-is-for-aws-resource"""

# Condition keys are not case-sensitive.
_GRANTEES = frozenset({"kms:granteeprincipal", "kms:granteeserviceprincipal"})
_OPERATIONS = "kms:grantoperations"
_EACH_OF_SEVERAL = "ForAllValues:StringEquals"

_LONGEST_READABLE_SID = 48


def limits_grants(conditions: Conditions, kind: str = "AWS") -> bool:
    """Whether conditions say already for whom a grant may be made: for AWS resources, or for grantees by their names.

    What a grant may hold says it for a service alone: anybody else could make himself one.

    Args:
        conditions: Under which `CreateGrant` is given.
        kind: Kind of the principal to which it is given.
    """
    return any(
        _limits(operator, key.lower(), values, kind)
        for operator, keys in conditions.items()
        for key, values in keys.items()
    )


def _limits(operator: str, key: str, values: Sequence[str], kind: str) -> bool:
    if key == _FOR_AWS_RESOURCES.lower():
        return operator == "Bool" and {value.lower() for value in values} == {"true"}
    if key in _GRANTEES:
        return operator in {"StringEquals", "ArnEquals"} and are_literal(values)
    limited = kind == "Service" and key == _OPERATIONS and operator == _EACH_OF_SEVERAL and are_literal(values)
    return limited and CREATE_GRANT.removeprefix("kms:") not in values


def merge(permissions: Iterable[Permission]) -> list[Statement]:
    """Return the same permissions in as few statements as possible, in an order that no grant order changes.

    Each caller's permissions are gathered under each set of conditions; then callers with equal permissions
    share a statement. The Sid says what is allowed, so it changes only together with its statement.
    """
    held: dict[tuple[Effect, Principal, str], set[str]] = {}
    known: dict[str, Conditions] = {}
    for permission in permissions:
        for actions, conditions in _apart(permission):
            under = _as_text(conditions)
            known[under] = conditions
            held.setdefault((permission.effect, permission.principal, under), set()).update(actions)
    grouped: dict[tuple[Effect, str, tuple[str, ...], str], list[Principal]] = {}
    for (effect, caller, under), all_actions in held.items():
        grouped.setdefault((effect, caller.kind, tuple(sorted(all_actions)), under), []).append(caller)
    merged = [
        statement
        for (effect, kind, actions, under), callers in grouped.items()
        for statement in Statement.for_callers(
            _sid(effect, kind, actions, short_digest(known[under]) if known[under] else ""),
            callers,
            actions,
            known[under],
            effect,
        )
    ]
    return sorted(merged, key=lambda statement: statement.sid)


def for_people(sid: str, people: Iterable[Person], actions: Sequence[str]) -> list[Statement]:
    """Allow people actions: one statement for those without conditions, one for each set of conditions.

    Args:
        sid: Of the statement for people without conditions; the others add a digest of theirs.
        people: Who.
        actions: What.
    """
    grouped: dict[str, tuple[Conditions, list[Principal]]] = {}
    for person in people:
        conditions = canonical_conditions(person.conditions)
        grouped.setdefault(_as_text(conditions), (conditions, []))[1].append(person.principal)
    return [
        statement
        for _, (conditions, callers) in sorted(grouped.items())
        for statement in Statement.for_callers(
            f"{sid}{short_digest(conditions)}" if conditions else sid, callers, actions, conditions
        )
    ]


def _as_text(conditions: Conditions) -> str:
    """Return canonical conditions as text, which is equal for equal ones."""
    return json.dumps(conditions) if conditions else "{}"  # mostly there are none


def _apart(permission: Permission) -> list[tuple[tuple[str, ...], Conditions]]:
    """Part `CreateGrant` from the rest: it is given for AWS resources only, unless it is narrowed already."""
    conditions = canonical_conditions(permission.conditions)
    limited = permission.effect == "Deny" or limits_grants(conditions, permission.principal.kind)
    if limited or CREATE_GRANT not in permission.actions:
        return [(permission.actions, conditions)]
    rest = tuple(action for action in permission.actions if action != CREATE_GRANT)
    grants = ((CREATE_GRANT,), merge_conditions(_in_our_spelling(conditions), FOR_AWS_RESOURCES))
    return [(rest, conditions), grants] if rest else [grants]


def _in_our_spelling(conditions: Conditions) -> Conditions:
    """Return conditions in which what they say of AWS resources is written as ours, and so compared with it."""
    ours = _FOR_AWS_RESOURCES
    return {
        operator: {ours if name.lower() == ours.lower() else name: values for name, values in keys.items()}
        for operator, keys in conditions.items()
    }


def _sid(effect: Effect, kind: str, actions: Sequence[str], digest: str) -> str:
    words = "".join(action.removeprefix("kms:") for action in actions)
    if len(words) > _LONGEST_READABLE_SID:
        words = words[: _LONGEST_READABLE_SID - 6] + short_digest(list(actions))
    who = "" if kind == "AWS" else f"To{kind}"
    return f"{'Granted' if effect == 'Allow' else 'Denied'}{words}{who}{digest}"
