"""The page on dashboards: its code runs, and its numbers and its list of metrics are those of the code."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

from constructs_lib.dashboards import explanations, key_widgets, shown_functions, shown_key, trail_questions
from constructs_lib.dashboards.documented_metric import DOCUMENTED
from constructs_lib.dashboards.rotation_count import ROTATIONS
from docs.dashboard_drawing import EXAMPLE, dashboard_drawing

_DOCS = Path(__file__).resolve().parents[2] / "docs"
_PAGE = (_DOCS / "key-dashboard.md").read_text()
_TEXT = " ".join(_PAGE.split())
_TABLE = [line for line in _PAGE.splitlines() if line.startswith("|")]


def test_the_code_runs_as_it_stands_there() -> None:
    (block,) = re.findall(r"```python\n(.*?)```", _PAGE, re.DOTALL)
    names: dict[str, object] = {}
    exec(block, names)  # noqa: S102  # as it stands on the page

    assert names["stack"].node.find_child("Dashboard").dashboard.dashboard_name == "orders-keys"  # type: ignore[attr-defined]


def test_each_namespace_and_each_metric_of_keys_has_a_row() -> None:
    rows = "\n".join(_TABLE)

    assert {metric.namespace for metric in DOCUMENTED} == {"AWS/KMS", "AWS/Usage", "AWS/Lambda", "AWS/SQS"}
    named = {metric.name for metric in DOCUMENTED if metric.namespace in {"AWS/KMS", "AWS/Usage"}}
    for said in (*named, ROTATIONS.name, ROTATIONS.namespace, "AWS/Usage", "AWS/Lambda", "AWS/SQS"):
        assert f"`{said}`" in rows


def test_the_limits_are_those_of_the_code() -> None:
    assert f"1 to {shown_key.MOST_KEYS} keys" in _TEXT
    assert f"{shown_functions.MOST_RESOURCES} functions, queues and dead-letter queues" in _TEXT
    assert f"Up to {key_widgets.MOST_DETAILED_KEYS} keys have lines" in _TEXT
    assert f"a query of {trail_questions.LONGEST_QUERY:,} characters" in _TEXT


def test_the_prices_are_those_of_the_code() -> None:
    assert f"${explanations.DOLLARS_A_MONTH} a month" in _TEXT
    assert f"${explanations.DOLLARS_FOR_A_GB_READ} for each GB" in _TEXT


def test_the_log_group_is_read_as_often_as_the_page_says() -> None:
    questions = [each for each in EXAMPLE.body()["widgets"] if each["type"] == "log"]

    assert len(questions) == 4
    assert "reads the log group for the time shown, four times" in _TEXT


def test_the_picture_is_an_image_with_every_title_of_the_dashboard() -> None:
    picture = ET.fromstring(dashboard_drawing())  # noqa: S314  # made here
    drawn = {each.text for each in picture.iter("{http://www.w3.org/2000/svg}text")}
    titles = {each["properties"]["title"] for each in EXAMPLE.body()["widgets"] if "title" in each["properties"]}

    assert titles <= drawn
    assert {"alias/orders", "alias/orders-partner", "alias/orders-receipts"} <= drawn
    assert "(key-dashboard.svg)" in _PAGE
