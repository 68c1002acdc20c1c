"""LogsInsights: what CloudWatch Logs Insights answers about JSON records, for the part of its language that is used.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html

Whatever else a query says is an error here.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

Row = dict[str, Any]

_TOKEN = re.compile(
    r"""\s*(?:(?P<regex>/(?:[^/\\]|\\.)*/)|(?P<text>"[^"]*")|(?P<number>\d+h?)|(?P<word>[@A-Za-z_][\w.@]*)|(?P<sign>[(),=\[\]*]))""",
    re.VERBOSE,
)
_HOUR = 3600


class LogsInsights:
    """A query over records.

    Attributes:
        log_group: Which log group it asks.
        fields: Every field of the records that it named.
    """

    def __init__(self, query: str) -> None:
        source, *self._commands = query.split(" | ")
        (self.log_group,) = re.findall(r"^SOURCE '([^']+)'$", source)
        self.fields: set[str] = set()
        self._made: set[str] = set()

    def answer(self, records: Iterable[Mapping[str, Any]]) -> list[Row]:
        """Return the rows, each with what is shown of it."""
        rows: list[Row] = [flat(record) for record in records]
        shown: list[str] | None = None
        for command in self._commands:
            verb, _, rest = command.partition(" ")
            if verb == "display":
                shown = [name.strip() for name in rest.split(",")]
                for name in shown:
                    self._known(name)
            else:
                rows = getattr(self, f"_{verb}")(rows, rest)
                shown = None if verb == "stats" else shown
        return [row if shown is None else {name: row.get(name) for name in shown} for row in rows]

    def _filter(self, rows: list[Row], rest: str) -> list[Row]:
        return [row for row in rows if _Condition(rest, row, self._known).holds()]

    def _parse(self, rows: list[Row], rest: str) -> list[Row]:
        field, _, pattern = rest.partition(" ")
        expression = re.compile(_python(pattern))
        self._known(field)
        self._made |= set(expression.groupindex)
        found = [expression.search(row[field]) for row in rows]
        return [{**row, **(match.groupdict() if match else {})} for row, match in zip(rows, found, strict=True)]

    def _fields(self, rows: list[Row], rest: str) -> list[Row]:
        function, arguments, name = _called(rest)
        self._known(*[each for each in arguments if not each.startswith('"')])
        made = {"coalesce": _coalesce, "replace": _replace}[function]
        self._made.add(name)
        return [{**row, name: made(row, arguments)} for row in rows]

    def _stats(self, rows: list[Row], rest: str) -> list[Row]:
        values, _, by = rest.partition(" by ")
        groups = by.split(", ")
        self._known(*[each for each in groups if not each.startswith("bin(")])
        wanted = [_called(each) for each in re.split(r", (?![^(]*\))", values)]
        together: dict[tuple[Any, ...], list[Row]] = {}
        for row in rows:
            together.setdefault(tuple(_group(row, each) for each in groups), []).append(row)
        self._made = {*groups, *(name for _, _, name in wanted)}
        return [
            {
                **dict(zip(groups, key, strict=True)),
                **{name: self._counted(of, how, what) for how, what, name in wanted},
            }
            for key, of in together.items()
        ]

    def _counted(self, rows: list[Row], how: str, what: list[str]) -> Any:
        if how == "count" and what == ["*"]:
            return len(rows)
        if how == "max":
            return max(row[what[0]] for row in rows)
        if how == "sum":
            (inner,) = re.findall(r'^strcontains\((\w+), "(\w+)"\)$', ", ".join(what))
            self.fields.add(inner[0])
            return sum(inner[1] in row.get(inner[0], "") for row in rows)
        raise ValueError(f"stats must count, sum or take the greatest, got {how}({what})")

    def _sort(self, rows: list[Row], rest: str) -> list[Row]:
        name, order = rest.split(" ")
        self._known(name)
        return sorted(rows, key=lambda row: row[name], reverse=order == "desc")

    def _limit(self, rows: list[Row], rest: str) -> list[Row]:
        return rows[: int(rest)]

    def _known(self, *names: str) -> None:
        self.fields |= {name for name in names if name not in self._made and not name.startswith("@")}


class _Condition:
    def __init__(self, text: str, row: Row, known: Callable[..., None]) -> None:
        self._tokens, at = [], 0
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                raise ValueError(f"a filter must be made of tokens, got {text[at:]!r}")
            self._tokens.append(match[0].strip())
            at = match.end()
        self._row, self._known = row, known

    def holds(self) -> bool:
        held = self._all()
        if self._tokens:
            raise ValueError(f"a filter must end here, got {self._tokens}")
        return held

    def _all(self) -> bool:
        held = self._one()
        while self._tokens[:1] == ["and"]:
            self._take("and")
            held = self._one() and held
        return held

    def _one(self) -> bool:
        if self._tokens[0] == "not":
            self._take("not")
            return not self._one()
        if self._tokens[0] == "(":
            self._take("(")
            held = self._all()
            self._take(")")
            return held
        name = self._tokens.pop(0)
        if name == "ispresent":
            self._take("(")
            field = self._tokens.pop(0)
            self._take(")")
            self._known(field)
            return self._row.get(field) is not None
        self._known(name)
        return self._compared(str(self._row.get(name, "")))

    def _compared(self, value: str) -> bool:
        operator = self._tokens.pop(0)
        if operator == "=":
            return bool(value == self._tokens.pop(0).strip('"'))
        if operator == "like":
            return re.search(_python(self._tokens.pop(0)), value) is not None
        if operator != "in":
            raise ValueError(f"a filter must compare with =, like or in, got {operator}")
        end = self._tokens.index("]")
        taken, self._tokens = self._tokens[1:end], self._tokens[end + 1 :]
        return value in {each.strip('"') for each in taken if each != ","}

    def _take(self, token: str) -> None:
        if self._tokens.pop(0) != token:
            raise ValueError(f"a filter must have {token} here")


def flat(record: Mapping[str, Any]) -> Row:
    """Return the fields of a record, with those that Logs Insights adds."""
    row: Row = {"@message": json.dumps(record, separators=(",", ":")), "@timestamp": record["eventTime"]}
    row.update(_leaves(record, ""))
    return row


def _leaves(value: Any, path: str) -> Row:
    if isinstance(value, Mapping):
        return {name: leaf for key, each in value.items() for name, leaf in _leaves(each, f"{path}{key}.").items()}
    if isinstance(value, list):
        return {name: leaf for key, each in enumerate(value) for name, leaf in _leaves(each, f"{path}{key}.").items()}
    return {path.removesuffix("."): value}


def _called(text: str) -> tuple[str, list[str], str]:
    match = re.fullmatch(r"(\w+)\((.*)\) as (\w+)", text)
    if match is None:
        raise ValueError(f"this must be a function with a name for what it returns, got {text!r}")
    return match[1], match[2].split(", "), match[3]


def _coalesce(row: Row, arguments: list[str]) -> Any:
    return next((row[name] for name in arguments if row.get(name) is not None), None)


def _replace(row: Row, arguments: list[str]) -> Any:
    name, old, new = arguments
    return None if row.get(name) is None else row[name].replace(old.strip('"'), new.strip('"'))


def _group(row: Row, group: str) -> Any:
    if group != "bin(1h)":
        return row.get(group)
    return int(datetime.fromisoformat(row["@timestamp"]).timestamp()) // _HOUR


def _python(pattern: str) -> str:
    return pattern.strip("/").replace(r"\/", "/").replace("(?<", "(?P<")
