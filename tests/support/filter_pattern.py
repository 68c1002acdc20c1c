"""FilterPattern: whether CloudWatch Logs would count a JSON record, decided as its documentation says.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html

What AWS does not document is not guessed: comparing a field that the record has not with `!=` is unknown, and a record
of which that decides is an error here.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<selector>\$(?:\.\*|\.\['[^']*'\]|\.[A-Za-z0-9_-]+|\[\d+\]|\[\*\])+)
      | (?P<quoted>"(?:[^"\\]|\\.)*")
      | (?P<regex>%[^%]*%)
      | (?P<operator>&&|\|\||!=|<=|>=|=|<|>|[(){}])
      | (?P<word>[^\s(){}&|=!<>"%$]+)
    )""",
    re.VERBOSE,
)
_STEP = re.compile(r"\.\['(?P<quoted>[^']*)'\]|\.(?P<name>\*|[A-Za-z0-9_-]+)|\[(?P<index>\d+|\*)\]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_ORDERS: Mapping[str, Callable[[float, float], bool]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}
Verdict = bool | None  # None: AWS does not say


class FilterPattern:
    """A filter pattern for JSON records."""

    def __init__(self, text: str) -> None:
        """Split it into tokens.

        Raises:
            ValueError: If it is none.
        """
        self._tokens = list(_tokens(text))
        self._at = 0
        self._record: Any = None

    def matches(self, record: Any) -> bool:
        """Return whether a record is counted.

        Raises:
            ValueError: If the pattern is none, or AWS does not say.
        """
        self._at, self._record = 0, record
        self._expect("{")
        verdict = self._or()
        self._expect("}")
        if self._at != len(self._tokens):
            raise ValueError(f"a filter pattern must end after its brace, got {self._tokens[self._at :]}")
        if verdict is None:
            raise ValueError("a record must be one of which AWS says whether it matches")
        return verdict

    def _or(self) -> Verdict:
        verdicts = [self._and()]
        while self._next() == "||":
            self._at += 1
            verdicts.append(self._and())
        return True if True in verdicts else None if None in verdicts else False

    def _and(self) -> Verdict:
        verdicts = [self._term()]
        while self._next() == "&&":
            self._at += 1
            verdicts.append(self._term())
        return False if False in verdicts else None if None in verdicts else True

    def _term(self) -> Verdict:
        if self._next() == "(":
            self._expect("(")
            verdict = self._or()
            self._expect(")")
            return verdict
        selector, operator, operand = self._take(), self._take(), self._take()
        if not selector.startswith("$"):
            raise ValueError(f"a condition must begin with a selector, got {selector}")
        values = list(_select(self._record, selector))
        if (operator, operand) == ("NOT", "EXISTS"):
            return not values
        if operator == "IS" and operand in {"NULL", "TRUE", "FALSE"}:
            return {"NULL": None, "TRUE": True, "FALSE": False}[operand] in [
                value for value in values if value is None or isinstance(value, bool)
            ]
        if operator not in _ORDERS:
            raise ValueError(f"a condition must compare, got {operator} {operand}")
        if not values:
            return None if operator == "!=" else False
        return any(_compares(value, operator, operand) for value in values)

    def _next(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self) -> str:
        token = self._next()
        if token is None:
            raise ValueError("a filter pattern must be complete")
        self._at += 1
        return token

    def _expect(self, wanted: str) -> None:
        if (token := self._take()) != wanted:
            raise ValueError(f"a filter pattern must have {wanted} here, got {token}")


def _tokens(text: str) -> Iterator[str]:
    at = 0
    stripped = text.rstrip()
    while at < len(stripped):
        found = _TOKEN.match(stripped, at)
        if found is None:
            raise ValueError(f"a filter pattern must be of its language, got {stripped[at : at + 20]!r}")
        yield found.group().strip()
        at = found.end()


def _select(record: Any, selector: str) -> Iterator[Any]:
    values = [record]
    for step in _STEP.finditer(selector):
        name, index = step["quoted"] or step["name"], step["index"]
        values = [found for value in values for found in _children(value, name, index)]
    yield from values


def _children(value: Any, name: str | None, index: str | None) -> list[Any]:
    if index is not None:
        if not isinstance(value, list):
            return []
        return value if index == "*" else value[int(index) : int(index) + 1]
    if not isinstance(value, dict):
        return []
    return list(value.values()) if name == "*" else [value[name]] if name in value else []


def _compares(value: Any, operator: str, operand: str) -> bool:
    if isinstance(value, (dict, list)) or value is None or isinstance(value, bool):
        return False  # a selector must point to a text or a number
    if operand.startswith("%"):
        return (re.search(operand[1:-1], str(value)) is not None) is (operator == "=")
    if not isinstance(value, str) and _NUMBER.fullmatch(operand):
        return _ORDERS[operator](float(value), float(operand))
    if operator not in {"=", "!="}:
        return False
    wanted = re.sub(r"\\(.)", r"\1", operand[1:-1]) if operand.startswith('"') else operand
    return _like(str(value), wanted) is (operator == "=")


def _like(text: str, wanted: str) -> bool:
    """Compare; an asterisk stands for anything at the beginning and at the end, and inside means itself."""
    if wanted == "*":
        return True
    core = wanted.removeprefix("*").removesuffix("*")
    match (wanted.startswith("*"), wanted.endswith("*")):
        case (True, True):
            return core in text
        case (True, False):
            return text.endswith(core)
        case (False, True):
            return text.startswith(core)
        case _:
            return text == core
