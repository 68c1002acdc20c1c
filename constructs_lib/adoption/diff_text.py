"""The difference of two key policies as text: statements, callers, cautions."""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from constructs_lib.adoption.access import AccessChange, access_changes, is_account
from constructs_lib.adoption.cautions import cautions
from constructs_lib.adoption.policy_change import PARTS, Fate, StatementChange, statement_changes
from constructs_lib.adoption.written_policy import WrittenStatement

_SIGNS = {Fate.GOES: "-", Fate.COMES: "+", Fate.CHANGES: "~"}
_APART = "conditions"  # each has several words
_WIDTH = 110
_WIDEST_PART = max(map(len, PARTS))


def diff_text(today: Sequence[WrittenStatement], after: Sequence[WrittenStatement], *, use: frozenset[str]) -> str:
    """Return what changes, or nothing if both say the same.

    Args:
        today: The policy of today.
        after: The policy that takes its place.
        use: The actions that use the key on data.
    """
    changes = statement_changes(today, after)
    if not changes:
        return ""
    sections = {
        "Statements": [line for change in changes for line in _statement(change)],
        "Callers": [line for change in access_changes(today, after) for line in _caller(change)],
        "Cautions": [line for text in cautions(today, after, use=use) for line in _listed("  ! ", [text], " ")],
    }
    return "\n".join(line for title, lines in sections.items() if lines for line in (title, *lines, ""))


def _statement(change: StatementChange) -> Iterator[str]:
    yield f"  {_SIGNS[change.fate]} {change.name} {change.fate.value}"
    for part in PARTS:
        for sign, values in (("-", change.lost.get(part, ())), ("+", change.won.get(part, ()))):
            begin = f"      {sign} {part:{_WIDEST_PART}}  "
            for together in [[value] for value in values] if part == _APART else [values]:
                yield from _listed(begin, together, ", ")


def _caller(change: AccessChange) -> Iterator[str]:
    yield f"  {change.caller}{' as its IAM policies allow' if is_account(change.caller) else ''}"
    yield from _listed("      loses  ", sorted(change.lost), ", ")
    yield from _listed("      wins   ", sorted(change.won), ", ")
    yield from _listed("      other conditions on  ", sorted(change.other_conditions), ", ")


def _listed(begin: str, values: Iterable[str], between: str) -> Iterator[str]:
    text = between.join(values)
    if text:
        # Words are never broken: an ARN is longer than a line at times, and is to be copied whole.
        yield from wrap(
            text,
            _WIDTH,
            initial_indent=begin,
            subsequent_indent=" " * len(begin),
            break_long_words=False,
            break_on_hyphens=False,
        )
