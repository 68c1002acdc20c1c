"""How many decisions were tried and how many mutants were caught, over all tests that recorded it."""

from collections.abc import Iterable

import pytest

_COUNTED = ("decisions", "executed", "mutants", "detected", "equivalent")


def line_of_counts(reports: Iterable[pytest.TestReport]) -> str | None:
    """Add up the counts in what passed tests recorded as properties, or return nothing if none did."""
    total = dict.fromkeys(_COUNTED, 0)
    for report in reports:
        for name, value in report.user_properties:
            if name in total and report.when == "call" and isinstance(value, int):
                total[name] += value
    if not any(total.values()):
        return None
    done = f"{total['decisions']} decisions judged, {total['executed']} executed on the embedded AWS"
    caught = f"{total['detected']} detected, {total['equivalent']} equivalent by argument"
    return f"policies: {done}; {total['mutants']} mutants: {caught}"
