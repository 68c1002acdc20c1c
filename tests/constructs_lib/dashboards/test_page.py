"""Widgets stand in rows, from the top, none over another."""

from itertools import combinations

from constructs_lib.dashboards.page import page
from constructs_lib.dashboards.widget import words


def test_a_row_is_filled_before_the_next_begins() -> None:
    placed = page([words("a", width=8, height=3), words("b", width=16, height=7), words("c", width=12)])["widgets"]

    assert [(each["x"], each["y"]) for each in placed] == [(0, 0), (8, 0), (0, 7)]


def test_no_widget_is_over_another() -> None:
    widths = [24, 8, 8, 8, 12, 16, 8, 12, 12, 24, 1]
    placed = page([words("a", width=width, height=1 + width % 5) for width in widths])["widgets"]

    for one, other in combinations(placed, 2):
        apart = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
        assert apart or one["y"] + one["height"] <= other["y"]
    assert max(each["x"] + each["width"] for each in placed) == 24


def test_a_day_is_shown_and_periods_are_obeyed() -> None:
    body = page([words("a")])

    assert (body["start"], body["periodOverride"]) == ("-P1D", "inherit")
    assert body["widgets"] == [
        {"type": "text", "x": 0, "y": 0, "width": 24, "height": 2, "properties": {"markdown": "a"}}
    ]
