"""Intent: who is meant to be able to do what with a key, as tables that people write and read.

A row says for some callers, in some ways of asking, which actions they may do; every action that it leaves out is
refused. Each caller is decided in each way by exactly one row.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from tests.support.action_words import SYMMETRIC_WORDS, Words
from tests.support.literal_templates import OTHER_REGION, REGION
from tests.support.policy_judge import Caller, KmsKey

DIRECTLY = "directly"
ON_ANOTHER_KEY = "on another key"
ON_ITS_NAMESAKE = "on a key of that alias elsewhere"
ON_A_KEY_WITHOUT_ALIAS = "on a key without alias"

_NOT_CREATING = {"kms:GrantIsForAWSResource": "false"}
_CREATING = {"kms:GrantIsForAWSResource": "true"}


def ways_via(*services: str) -> dict[str, Mapping[str, Any]]:
    """Return how people ask: names of ways to the condition keys of the requests.

    `via` is through a service, in the key's Region or elsewhere. `creating` is a service that asks for a grant for a
    resource of its own; no page of AWS promises that this comes together with `via`. Else that key is false or absent.

    Args:
        services: AWS services, the first parts of `kms:ViaService`. The last is not tried elsewhere. None for keys
            that no service uses: these are asked directly, and once through a service all the same.
    """
    if not services:
        return {DIRECTLY: _NOT_CREATING, "creating via lambda": {**_via("lambda", REGION), **_CREATING}}
    via = {name: _via(name, REGION) for name in services}
    via |= {f"{name} elsewhere": _via(name, OTHER_REGION) for name in services[:-1]}
    ways: dict[str, Mapping[str, Any]] = {DIRECTLY: _NOT_CREATING, "creating directly": _CREATING}
    for name, keys in via.items():
        ways[f"via {name}"] = keys if name == services[0] else {**keys, **_NOT_CREATING}
        ways[f"creating via {name}"] = {**keys, **_CREATING}
    return ways


def through(*services: str) -> dict[str, Mapping[str, Any]]:
    """Return how people ask through services that make no grants: in the key's Region and elsewhere."""
    here = {f"via {name}": _via(name, REGION) for name in services}
    return here | {f"via {name} elsewhere": _via(name, OTHER_REGION) for name in services}


def _via(service: str, region: str) -> Mapping[str, Any]:
    return {"kms:ViaService": f"{service}.{region}.amazonaws.com"}


WAYS = ways_via("lambda", "rds")


def some_of(ways: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return enough ways for those who only differ from somebody who asks in every way."""
    creating = next(name for name in ways if name.startswith("creating via"))
    return {name: ways[name] for name in (DIRECTLY, creating.removeprefix("creating "), creating) if name in ways}


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Attributes:
        who: Names of callers, or patterns of them.
        how: Names of ways, or patterns of them.
        may: What they may do: words of the kind of key, or single actions.
        why: Why they may, or why they may nothing.
        actions: The exact actions that are allowed.
    """

    who: tuple[str, ...]
    how: tuple[str, ...]
    may: tuple[str, ...]
    why: str
    actions: frozenset[str]

    def speaks_of(self, who: str, how: str) -> bool:
        """Whether the row decides about a caller in a way of asking."""
        return any(fnmatchcase(who, name) for name in self.who) and any(fnmatchcase(how, name) for name in self.how)


def read_table(text: str, words: Words = SYMMETRIC_WORDS) -> tuple[Row, ...]:
    """Read a table: one row a line, columns apart by `|`, several values in a column by commas.

    Args:
        text: The table.
        words: Those of the kind of key; symmetric unless told otherwise.

    Raises:
        ValueError: If a row allows what the kind of key does not have.
    """
    rows = []
    for line in filter(str.strip, text.splitlines()):
        who, how, may, why = (column.strip() for column in line.split("|"))
        allowed = () if may == "-" else _values(may)
        actions = frozenset().union(*(words.read(word) for word in allowed))
        rows.append(Row(_values(who), _values(how), allowed, why, actions))
    return tuple(rows)


def _values(column: str) -> tuple[str, ...]:
    return tuple(value.strip() for value in column.split(","))


@dataclass(frozen=True)
class Asker:
    """A caller and the ways in which the tables let him ask.

    Attributes:
        caller: Who it is.
        ways: Names of ways to the condition keys of the request.
        person: The person of the templates whose IAM policies he has; empty if they are made by hand.
        deployable: Whether an embedded AWS can have him: a role of its account, with its first identity.
        curious: Whether he also asks, directly, for what only other kinds of key can do.
    """

    caller: Caller
    ways: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: WAYS)
    person: str = ""
    deployable: bool = False
    curious: bool = False


@dataclass(frozen=True)
class Decision:
    """One action that one caller asks for in one way, and whether it is meant to be allowed.

    Attributes:
        who: The caller's name in the table.
        how: The way's name.
        action: The exact action.
        allowed: What is meant.
        why: The row's reason.
        asker: The caller.
    """

    who: str
    how: str
    action: str
    allowed: bool
    why: str
    asker: Asker

    @property
    def executable(self) -> bool:
        """Whether an embedded AWS can be asked: it makes no calls through services and has one account."""
        return self.asker.deployable and self.how == DIRECTLY

    def judged(self, key: KmsKey, others: Mapping[str, KmsKey], caller: Caller | None = None) -> bool:
        """Whether it is allowed.

        Args:
            key: The key.
            others: Keys that some ways are about instead.
            caller: Who asks, if it is not the caller of the table but a changed one.
        """
        asked = others.get(self.how, key)
        return asked.allows(caller or self.asker.caller, self.action, self.asker.ways[self.how])


def decisions(rows: Iterable[Row], askers: Mapping[str, Asker], words: Words = SYMMETRIC_WORDS) -> Iterator[Decision]:
    """Expand a table to every action of every caller in every way.

    Args:
        rows: The table.
        askers: Callers by their names in the table.
        words: Those of the kind of key; symmetric unless told otherwise.

    Raises:
        ValueError: If a caller in a way is decided by no row or by several, or a row decides nothing.
    """
    table = list(rows)
    idle = set(range(len(table)))
    for who, asker in askers.items():
        for how in asker.ways:
            found = [number for number, row in enumerate(table) if row.speaks_of(who, how)]
            if len(found) != 1:
                raise ValueError(f"one row must decide about {who!r} {how}, got {[table[n] for n in found]}")
            idle -= set(found)
            row = table[found[0]]
            foreign = words.of_other_kinds if asker.curious and how == DIRECTLY else ()
            for action in (*words.every_action, *foreign):
                yield Decision(who, how, action, action in row.actions, row.why, asker)
    if idle:
        raise ValueError(f"every row must decide something, got {[table[number] for number in sorted(idle)]}")
