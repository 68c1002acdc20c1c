"""Filter patterns of CloudWatch Logs for JSON events: `{ ($.eventName = "StopLogging") && ($.errorCode NOT EXISTS) }`.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html#matching-terms-json-log-events
What that page leaves open is decided as strictly as its examples allow: a comparison, `!=` too, needs a value that
exists and is neither an object nor a list.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

Predicate: TypeAlias = Callable[[Any], bool]

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<selector>\$(?:\.(?:[\w:-]+|\*)|\[\s*(?:\d+|\*|"[^"]*"|'[^']*')\s*\])*)
    | (?P<quoted>"(?:[^"\\]|\\.)*")
    | (?P<regex>%[^%]*%)
    | (?P<operator>&&|\|\||!=|<=|>=|[=<>()])
    | (?P<word>[^\s&|!=<>()"%]+)
    )""",
    re.VERBOSE,
)
_STEP = re.compile(r"""\.([\w:-]+|\*)|\[\s*(\d+|\*|"[^"]*"|'[^']*')\s*\]""")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_OPERATORS = ("=", "!=", "<", ">", "<=", ">=")


class PatternError(ValueError):
    """A text that is no filter pattern for JSON log events."""


@dataclass(frozen=True, kw_only=True)
class _Token:
    kind: str
    text: str


def json_predicate(pattern: str) -> Predicate:
    """Read a pattern and return what decides about a parsed log event.

    Args:
        pattern: The pattern, braces included.

    Raises:
        PatternError: If it is none.

    >>> is_root = json_predicate('{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS }')
    >>> is_root({"userIdentity": {"type": "Root"}})
    True
    """
    text = pattern.strip()
    if not (text.startswith("{") and text.endswith("}")):
        raise PatternError(f"pattern must be in braces, got {pattern!r}")
    reader = _Reader(tokens=list(_tokens(text[1:-1])))
    found = reader.alternatives()
    if reader.tokens:
        raise PatternError(f"pattern must end after a condition, got {reader.tokens[0].text!r}")
    return found


def selected(selector: str, event: Any) -> list[Any]:  # noqa: ANN401  # any JSON value
    """Find what a property selector, such as `$.userIdentity.type` or `$.resources[*].ARN`, points to."""
    values = [event]
    for name, index in _STEP.findall(selector):
        values = [inner for value in values for inner in _inner(value, name or index)]
    return values


def _inner(value: Any, step: str) -> Iterator[Any]:  # noqa: ANN401  # any JSON value
    if step == "*":
        yield from value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    elif step.isdigit() and isinstance(value, list):
        yield from value[int(step) : int(step) + 1]
    elif isinstance(value, dict) and step.strip("\"'") in value:
        yield value[step.strip("\"'")]


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise PatternError(f"pattern must be made of conditions, got {text[at:]!r}")
        yield _Token(kind=found.lastgroup, text=found[found.lastgroup])
        at = found.end()


@dataclass(frozen=True, kw_only=True)
class _Reader:
    """Reads tokens from the left: `||` binds less than `&&`, as everywhere."""

    tokens: list[_Token]

    def alternatives(self) -> Predicate:
        parts = [self._conjunction()]
        while self._takes("||"):
            parts.append(self._conjunction())
        return lambda event: any(part(event) for part in parts)

    def _conjunction(self) -> Predicate:
        parts = [self._condition()]
        while self._takes("&&"):
            parts.append(self._condition())
        return lambda event: all(part(event) for part in parts)

    def _condition(self) -> Predicate:
        if self._takes("("):
            inner = self.alternatives()
            if not self._takes(")"):
                raise PatternError("pattern must close each parenthesis, got none")
            return inner
        selector = self._next("selector").text
        if self._takes("NOT"):
            self._expect("EXISTS")
            return lambda event: not selected(selector, event)
        if self._takes("EXISTS"):
            return lambda event: bool(selected(selector, event))
        if self._takes("IS"):
            return self._identity(selector)
        operator = self._next("operator").text
        if operator not in _OPERATORS or not self.tokens:
            raise PatternError(f"condition on {selector} must compare with a value, got {operator!r}")
        compare = _comparison(operator, self.tokens.pop(0))
        return lambda event: any(compare(value) for value in selected(selector, event) if _is_scalar(value))

    def _identity(self, selector: str) -> Predicate:
        word = self._next("word").text.upper()
        names: dict[str, object] = {"NULL": None, "TRUE": True, "FALSE": False}
        if word not in names:
            raise PatternError(f"condition on {selector} must be IS NULL, TRUE or FALSE, got {word!r}")
        return lambda event: any(value is names[word] for value in selected(selector, event))

    def _takes(self, text: str) -> bool:
        if self.tokens and self.tokens[0].kind in {"operator", "word"} and self.tokens[0].text.upper() == text:
            self.tokens.pop(0)
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._takes(text):
            raise PatternError(f"pattern must go on with {text}, got {[each.text for each in self.tokens[:1]]}")

    def _next(self, kind: str) -> _Token:
        if not self.tokens or self.tokens[0].kind != kind:
            raise PatternError(f"pattern must go on with a {kind}, got {[each.text for each in self.tokens[:1]]}")
        return self.tokens.pop(0)


def _is_scalar(value: object) -> bool:
    return value is not None and not isinstance(value, dict | list)


def _comparison(operator: str, token: _Token) -> Predicate:
    if token.kind == "word" and _NUMBER.fullmatch(token.text):
        return _numeric(operator, float(token.text))
    if operator not in {"=", "!="} or token.kind in {"selector", "operator"}:
        raise PatternError(f"{operator} must be followed by a number, got {token.text!r}")
    test = _text_test(token)
    is_same = operator == "="
    return lambda value: test(_text(value)) is is_same


def _numeric(operator: str, number: float) -> Predicate:
    def compare(value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return False
        if isinstance(value, str) and not _NUMBER.fullmatch(value):
            return operator == "!="
        found = float(value)
        return {
            "=": found == number,
            "!=": found != number,
            "<": found < number,
            ">": found > number,
            "<=": found <= number,
            ">=": found >= number,
        }[operator]

    return compare


def _text_test(token: _Token) -> Callable[[str], bool]:
    if token.kind == "regex":
        regex = re.compile(token.text[1:-1])
        return lambda text: regex.search(text) is not None
    literal = re.sub(r"\\(.)", r"\1", token.text[1:-1]) if token.kind == "quoted" else token.text
    wildcard = re.compile(".*".join(re.escape(part) for part in literal.split("*")), re.DOTALL)
    return lambda text: wildcard.fullmatch(text) is not None


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
