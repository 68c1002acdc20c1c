"""Where the widgets of a dashboard stand: in rows, from the top, none over another."""

from collections.abc import Sequence
from typing import Any

from constructs_lib.dashboards.widget import WIDE, Widget


def page(widgets: Sequence[Widget]) -> dict[str, Any]:
    """Return the body of a dashboard.

    A widget that has no room in the row begins the next one, below the highest of the row. Periods are obeyed as the
    widgets say them: days since a rotation are counted in days.

    Args:
        widgets: In the order in which a person should see them.

    Examples:
        >>> from constructs_lib.dashboards.widget import words
        >>> [(each["x"], each["y"]) for each in page([words("a", width=12), words("b"), words("c")])["widgets"]]
        [(0, 0), (0, 2), (0, 4)]
    """
    placed: list[dict[str, Any]] = []
    x = y = row = 0
    for widget in widgets:
        if x + widget.width > WIDE:
            x, y, row = 0, y + row, 0
        where = {"type": widget.kind, "x": x, "y": y, "width": widget.width, "height": widget.height}
        placed.append({**where, "properties": dict(widget.properties)})
        x, row = x + widget.width, max(row, widget.height)
    return {"start": "-P1D", "periodOverride": "inherit", "widgets": placed}
