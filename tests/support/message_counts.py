"""How many messages were read, refused, parsed, replayed, damaged and fuzzed, over all tests that recorded it."""

from collections.abc import Iterable

import pytest

_COUNTED = (
    "published messages read",
    "published messages refused",
    "published messages parsed",
    "scenarios replayed",
    "damaged messages refused",
    "inputs fuzzed",
)


def line_of_messages(reports: Iterable[pytest.TestReport]) -> str | None:
    """Add up what passed tests recorded as properties, or return nothing if none did."""
    total: dict[str, int] = {}
    for report in reports:
        for name, value in report.user_properties:
            if name in _COUNTED and report.when == "call" and isinstance(value, int):
                total[name] = total.get(name, 0) + value
    if not total:
        return None
    # A zero is shown too: then the published messages are not there.
    return "messages: " + ", ".join(f"{total[name]:,} {name}" for name in _COUNTED if name in total)
