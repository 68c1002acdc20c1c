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
    total = dict.fromkeys(_COUNTED, 0)
    for report in reports:
        for name, value in report.user_properties:
            if name in total and report.when == "call" and isinstance(value, int):
                total[name] += value
    if not any(total.values()):
        return None
    return "messages: " + ", ".join(f"{number:,} {name}" for name, number in total.items())
