"""Access: what each caller may do under a key policy, and what of it he loses or wins with another one.

A Deny is not counted: what it refuses depends on the request.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from constructs_lib.adoption.written_policy import EVERYBODY, Condition, WrittenStatement
from constructs_lib.principals import PRINCIPAL_ARN

_NAMING = ("ArnEquals", "ArnLike", "StringEquals", "StringLike")
_ROOT = ":root"

Demands = frozenset[Condition]
Access = Mapping[str, frozenset[Demands]]
"""Action to the alternatives under which it is allowed, each what it demands beside the caller's name."""


@dataclass(frozen=True)
class AccessChange:
    """What changes for one caller.

    Attributes:
        caller: Who.
        lost: Actions that end.
        won: Actions that begin.
        kept: Actions that stay.
        other_conditions: Those of them that demand something else.
    """

    caller: str
    lost: frozenset[str]
    won: frozenset[str]
    kept: frozenset[str]
    other_conditions: frozenset[str]


def access_of_callers(policy: Iterable[WrittenStatement]) -> dict[str, Access]:
    """Return what a policy allows each caller whom it names: an ARN, a pattern of ARNs, an account, a service."""
    found: dict[str, dict[str, set[Demands]]] = {}
    for statement in policy:
        if statement.effect != "Allow" or statement.resources:
            continue
        demands = frozenset(each for each in statement.conditions if not _names_callers(each))
        for caller in callers_of(statement):
            for action in statement.actions:
                found.setdefault(caller, {}).setdefault(action, set()).add(demands)
    return {
        caller: {action: frozenset(alternatives) for action, alternatives in access.items()}
        for caller, access in found.items()
    }


def callers_of(statement: WrittenStatement) -> frozenset[str]:
    """Return whom a statement means: the names in its conditions where its principal is an account or everybody."""
    names = {value for each in statement.conditions if _names_callers(each) for value in each.values}
    wide = {name for name in statement.principals if is_account(name) or name == EVERYBODY}
    return frozenset((statement.principals - wide) | (names or wide))


def is_account(caller: str) -> bool:
    """Whether a caller is an account, whose IAM policies then decide."""
    return caller.endswith(_ROOT)


def access_changes(today: Sequence[WrittenStatement], after: Sequence[WrittenStatement]) -> tuple[AccessChange, ...]:
    """Return what changes for each caller, sorted by caller; nothing for those for whom nothing does."""
    before, behind = access_of_callers(today), access_of_callers(after)
    changes = [_change(caller, before, behind) for caller in sorted(before.keys() | behind.keys())]
    return tuple(change for change in changes if change.lost or change.won or change.other_conditions)


def _change(caller: str, before: Mapping[str, Access], behind: Mapping[str, Access]) -> AccessChange:
    had, has = _held(caller, before), _held(caller, behind)
    kept = frozenset(had.keys() & has.keys())
    return AccessChange(
        caller,
        lost=frozenset(had.keys() - kept),
        won=frozenset(has.keys() - kept),
        kept=kept,
        other_conditions=frozenset(action for action in kept if had[action] != has[action]),
    )


def _held(caller: str, access: Mapping[str, Access]) -> Access:
    """Return what a caller has by his name, and by a pattern that fits it."""
    found: dict[str, frozenset[Demands]] = {}
    for name, allowed in access.items():
        if name == caller or ("*" in name and fnmatchcase(caller, name)):
            for action, alternatives in allowed.items():
                found[action] = found.get(action, frozenset()) | alternatives
    return found


def _names_callers(condition: Condition) -> bool:
    return condition.operator in _NAMING and condition.key.lower() == PRINCIPAL_ARN.lower()
