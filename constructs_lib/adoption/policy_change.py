"""What changes from one key policy to another, statement by statement, as Sids name them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from constructs_lib.adoption.written_policy import WrittenStatement

PARTS = ("effect", "principals", "actions", "conditions", "resources")
"""What a statement is compared by."""


class Fate(Enum):
    """What becomes of a statement."""

    GOES = "goes"
    COMES = "comes"
    CHANGES = "changes"


@dataclass(frozen=True)
class StatementChange:
    """One Sid that stands for something else afterwards.

    Attributes:
        name: The Sid.
        fate: What becomes of it.
        lost: A part of a statement (see `PARTS`) to what of it goes.
        won: Likewise what comes.
    """

    name: str
    fate: Fate
    lost: dict[str, tuple[str, ...]]
    won: dict[str, tuple[str, ...]]


def statement_changes(
    today: Sequence[WrittenStatement], after: Sequence[WrittenStatement]
) -> tuple[StatementChange, ...]:
    """Return what goes, then what changes, then what comes, each in the order of its policy.

    The order of statements, and of values in them, is no change.
    """
    before = {statement.name: statement for statement in today}
    behind = {statement.name: statement for statement in after}
    gone = [StatementChange(name, Fate.GOES, _parts(one), {}) for name, one in before.items() if name not in behind]
    came = [StatementChange(name, Fate.COMES, {}, _parts(one)) for name, one in behind.items() if name not in before]
    changed = [
        StatementChange(name, Fate.CHANGES, _parts(one, without=behind[name]), _parts(behind[name], without=one))
        for name, one in before.items()
        if name in behind and one != behind[name]
    ]
    return (*gone, *changed, *came)


def _parts(statement: WrittenStatement, *, without: WrittenStatement | None = None) -> dict[str, tuple[str, ...]]:
    found = {}
    for part in PARTS:
        values = set(_values(statement, part)) - set(_values(without, part) if without else ())
        if values:
            found[part] = tuple(sorted(values))
    return found


def _values(statement: WrittenStatement, part: str) -> Iterable[str]:
    value = getattr(statement, part)
    return [value] if isinstance(value, str) else [str(each) for each in value]
