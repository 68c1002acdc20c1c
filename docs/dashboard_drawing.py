"""The picture of `docs/key-dashboard.md`: the body of a dashboard, drawn as CloudWatch places it, without any data."""

import re
from collections.abc import Iterator, Mapping
from html import escape
from itertools import zip_longest
from typing import Any

from constructs_lib.dashboards.contents import Contents, TrailCopy
from constructs_lib.dashboards.shown_key import ShownKey

_COLUMN, _ROW, _GAP = 42, 34, 6
_LINE, _CHARACTER = 15, 6.3
_COLORS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b")
_STYLE = (
    "<style>text{font:11px sans-serif;fill:#222}.title{font-weight:bold}.faint{fill:#777}"
    ".card{fill:#fff;stroke:#c8ccd0}.axis{stroke:#9aa0a6;fill:none}.bar{fill:#dde3e8}</style>"
)


def _key(name: str, number: int, *, may_expire: bool = False, may_rotate: bool = True) -> ShownKey:
    key_id = f"1234abcd-12ab-34cd-56ef-{number:012d}"
    arn = f"arn:aws:kms:eu-west-1:111122223333:key/{key_id}"
    return ShownKey(f"alias/{name}", key_id, arn, may_expire=may_expire, may_rotate=may_rotate)


EXAMPLE = Contents(
    name="orders-keys",
    region="eu-west-1",
    keys=(
        _key("orders", 1),
        _key("orders-partner", 2, may_expire=True),
        _key("orders-receipts", 3, may_rotate=False),
    ),
    trail_copy=TrailCopy(log_group_name="audit-trail", region="eu-west-1", counts_rotations=True),
    functions={"Orders/Arrival/Encrypt/Function": "orders-encrypt"},
    queues={"Orders/Arrival/Queue": "orders-arrivals"},
    dead_letter_queues={"Orders/Arrival/Queue/DeadLetters": "orders-dead-letters"},
)
"""A key that KMS made, one whose material was imported, one that signs; a function and its queues; and a trail."""


def dashboard_drawing() -> str:
    """Return the picture of the example as SVG."""
    widgets = EXAMPLE.body()["widgets"]
    height = max(each["y"] + each["height"] for each in widgets) * _ROW + _GAP
    width = 24 * _COLUMN + _GAP
    drawn = "\n".join(line for widget in widgets for line in _card(widget))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">\n'
        f'{_STYLE}\n<rect width="{width}" height="{height}" fill="#f2f3f3"/>\n{drawn}\n</svg>\n'
    )


def _card(widget: Mapping[str, Any]) -> Iterator[str]:
    x, y = widget["x"] * _COLUMN + _GAP, widget["y"] * _ROW + _GAP
    wide, high = widget["width"] * _COLUMN - _GAP, widget["height"] * _ROW - _GAP
    yield f'<g transform="translate({x},{y})"><rect class="card" width="{wide}" height="{high}" rx="3"/>'
    shown = widget["properties"]
    if widget["type"] == "text":
        yield from _words(shown["markdown"], wide, high)
    else:
        yield _text(8, 18, shown["title"], "title")
        draw = {"timeSeries": _graph, "table": _table, "singleValue": _numbers, "bar": _bars}[shown["view"]]
        yield from draw(shown, wide, high)
    yield "</g>"


def _words(markdown: str, wide: int, high: int) -> Iterator[str]:
    y = 0
    for line in markdown.splitlines():
        if set(line) <= set("|-"):
            continue
        heading = line.startswith("#")
        plain = " ".join(line.lstrip("# ").strip("|").replace("|", "   ").replace("**", "").replace("`", "").split(" "))
        for part in _wrapped(plain, int((wide - 16) / _CHARACTER)):
            y += _LINE + 3
            if y < high:
                yield _text(8, y, part, "title" if heading else "")


def _wrapped(text: str, longest: int) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > longest:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _graph(shown: Mapping[str, Any], wide: int, high: int) -> Iterator[str]:
    names = _names(shown)
    foot = high - 10 - _LINE * len(names)
    yield f'<path class="axis" d="M40 32V{foot}H{wide - 12}"/>'
    top = shown.get("yAxis", {}).get("left", {}).get("max")
    if top is not None:
        yield _text(14, 40, str(top), "faint")
        for mark in shown["annotations"]["horizontal"]:
            y = round(foot - (foot - 32) * mark["value"] / top)
            yield f'<path d="M40 {y}H{wide - 12}" stroke="{mark["color"]}" stroke-dasharray="4"/>'
            yield _text(46, y - 4, f"{mark['value']} {mark['label']}", "faint")
    for index, (name, color) in enumerate(zip_longest(names, _COLORS[: len(names)], fillvalue=_COLORS[0])):
        y = foot + _LINE * (index + 1)
        yield f'<rect x="40" y="{y - 8}" width="9" height="9" fill="{color}"/>'
        yield _text(54, y, name)


def _table(shown: Mapping[str, Any], wide: int, high: int) -> Iterator[str]:
    columns = _columns(shown["query"])
    for row in range(2, int(high / _LINE / 1.4)):
        yield f'<path class="axis" d="M8 {row * 20}H{wide - 8}" opacity=".4"/>'
    for index, column in enumerate(columns):
        yield _text(8 + index * (wide - 16) / len(columns), 36, column, "faint")


def _numbers(shown: Mapping[str, Any], wide: int, high: int) -> Iterator[str]:
    names = _names(shown)
    for index, name in enumerate(names):
        x = 12 + index * (wide - 16) / len(names)
        yield f'<text x="{x:g}" y="{high / 2:g}" style="font-size:28px" class="faint">--</text>'
        yield _text(x, high / 2 + 22, name)


def _bars(shown: Mapping[str, Any], wide: int, high: int) -> Iterator[str]:
    names = _names(shown)
    step = min(30, (high - 40) / len(names))
    for index, name in enumerate(names):
        y = 34 + index * step
        yield f'<rect class="bar" x="8" y="{y:g}" width="{wide - 16}" height="{step - 6:g}"/>'
        yield _text(14, y + step / 2, name)


def _names(shown: Mapping[str, Any]) -> list[str]:
    if "metrics" not in shown:
        return _columns(shown["query"])[1:]
    options = [each[-1] for each in shown["metrics"]]
    named = [each["label"] for each in options if each.get("visible", True)]
    return [
        re.sub(r"\$\{PROP\('Dim\.(\w+)'\)\}", r"and its \1", name).replace("Operation", "operations") for name in named
    ]


def _columns(query: str) -> list[str]:
    """Return what an answer has in its columns."""
    (last,) = [each for each in query.split(" | ") if each.startswith(("stats ", "display "))]
    values, _, groups = last.removeprefix("stats ").removeprefix("display ").partition(" by ")
    named = [each.rpartition(" as ")[2] for each in re.split(r", (?![^(]*\))", values)]
    return [*(groups.split(", ") if groups else []), *named]


def _text(x: float, y: float, words: str, kind: str = "") -> str:
    kind = f' class="{kind}"' if kind else ""
    return f'<text x="{x:g}" y="{y:g}"{kind}>{escape(words)}</text>'
