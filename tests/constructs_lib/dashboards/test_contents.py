"""A whole dashboard as data, for one key, forty and two hundred: what is on it, in which order, within limits."""

import re
from itertools import combinations
from typing import Any

import pytest

from constructs_lib.dashboards.contents import Contents, TrailCopy
from constructs_lib.dashboards.documented_metric import DOCUMENTED
from constructs_lib.dashboards.rotation_count import ROTATIONS
from constructs_lib.dashboards.shown_functions import MOST_RESOURCES
from tests.support.shown_keys import some_keys

COPY = TrailCopy(log_group_name="trail", region="us-east-1", counts_rotations=True)
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
MOST_WIDGETS = 500
SIZES = (1, 40, 200)
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
SERIES_IN_A_WIDGET, METRICS_IN_A_DASHBOARD, SEARCHES_IN_A_WIDGET, SEARCH_LENGTH = 500, 2500, 100, 1024
# Decrypt, Encrypt, and data keys and pairs of them with and without plaintext.
OPERATIONS = 6
Widgets = list[dict[str, Any]]


def _many(kind: str) -> dict[str, str]:
    return {f"Orders/{kind}{index}": f"{kind}-{index}" for index in range(MOST_RESOURCES)}


def _full(count: int, copy: TrailCopy | None = COPY) -> Contents:
    return Contents(
        name="orders-keys",
        region="us-gov-east-1",
        keys=some_keys(count),
        trail_copy=copy,
        functions=_many("function"),
        queues=_many("queue"),
        dead_letter_queues=_many("letters"),
    )


def _widgets(contents: Contents, *kinds: str) -> Widgets:
    return [each for each in contents.body()["widgets"] if not kinds or each["type"] in kinds]


def _heads(widgets: Widgets) -> list[str]:
    shown = [each["properties"] for each in widgets]
    return [each.get("title") or each["markdown"].splitlines()[0] for each in shown]


@pytest.mark.parametrize("count", SIZES)
def test_every_metric_is_documented(count: int) -> None:
    known = {(each.namespace, each.name, each.dimensions) for each in (*DOCUMENTED, ROTATIONS)}
    shown = set()
    for widget in _widgets(_full(count), "metric"):
        for series in widget["properties"]["metrics"]:
            if len(series) > 1:
                shown.add((series[0], series[1], tuple(series[2:-1:2])))
            for schema, name in re.findall(
                r"SEARCH\('\{([^}]*)\} MetricName=\"(\w+)\"",
                series[0].get("expression", "") if len(series) == 1 else "",
            ):
                namespace, *dimensions = schema.split(",")
                shown.add((namespace, name, tuple(dimensions)))

    assert shown <= known
    assert len(shown) > 9


@pytest.mark.parametrize("count", SIZES)
def test_no_widget_is_over_another(count: int) -> None:
    widgets = _widgets(_full(count))

    assert len(widgets) <= MOST_WIDGETS
    for one, other in combinations(widgets, 2):
        apart = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
        assert apart or one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]
    assert max(each["x"] + each["width"] for each in widgets) == 24


@pytest.mark.parametrize("count", SIZES)
def test_it_stays_within_the_limits_of_cloudwatch(count: int) -> None:
    total = 0
    for widget in _widgets(_full(count), "metric"):
        series = widget["properties"]["metrics"]
        searches = [each[0]["expression"] for each in series if len(each) == 1 and "SEARCH(" in each[0]["expression"]]
        metrics = sum(len(each) > 1 for each in series) + OPERATIONS * len(searches)
        assert metrics + len(series) <= SERIES_IN_A_WIDGET
        assert len(searches) <= SEARCHES_IN_A_WIDGET
        assert all(len(search) <= SEARCH_LENGTH for search in searches)
        total += metrics

    assert total <= METRICS_IN_A_DASHBOARD


@pytest.mark.parametrize("count", SIZES)
def test_every_key_is_shown_by_its_alias(count: int) -> None:
    contents = _full(count)
    labels = [
        series[-1]["label"]
        for widget in _widgets(contents, "metric")
        for series in widget["properties"]["metrics"]
        if series[-1].get("visible", True)
    ]
    names = [each["properties"]["markdown"] for each in _widgets(contents, "text")]

    for key in contents.keys:
        assert any(label.startswith(key.alias) for label in labels)
        assert any(f"|{key.alias}|{key.key_id}|" in text for text in names)
    assert not [label for label in labels if any(key.key_id in label for key in contents.keys)]


@pytest.mark.parametrize("count", SIZES)
def test_metrics_are_of_the_dashboard_s_region_and_questions_of_the_log_group_s(count: int) -> None:
    contents = _full(count)

    assert {each["properties"]["region"] for each in _widgets(contents, "metric")} == {"us-gov-east-1"}
    assert {each["properties"]["region"] for each in _widgets(contents, "log")} == {"us-east-1"}
    assert all(each["properties"]["query"].startswith("SOURCE 'trail' | ") for each in _widgets(contents, "log"))


def test_what_is_wrong_comes_first_then_load_then_cost() -> None:
    heads = _heads(_widgets(_full(1)))

    assert heads == [
        "# orders-keys: 1 key",
        "## What is wrong",
        "Failed requests each hour: refused, throttled, and all",
        "### Which key is which",
        "Refusals by principal",
        "Disabled, pending deletion, changed",
        "Other errors by code",
        "Request quota of the account, symmetric keys: throttled at 100 %",
        "Days until imported key material expires (none: it does not, or KMS made it)",
        "Days since the last rotation (none: not since the dashboard is there)",
        "Errors of functions",
        "Throttled invocations of functions",
        "Dead letters: given up, and waiting for a person",
        "## Load",
        "Requests by key, each hour",
        "Requests by key and operation, each hour",
        "Re-encryptions from or to a key, each hour",
        "Throughput: invocations of functions",
        "Duration of 99 of 100 invocations, milliseconds",
        "Invocations at once",
        "Waiting in queues",
        "Age of the oldest message in queues, seconds",
        "## Cost",
        "Cost of requests by key in the time shown, USD",
    ]


def test_more_than_forty_keys_have_bars_instead_of_lines() -> None:
    assert "Requests by key and operation, each hour" in _heads(_widgets(_full(40)))
    heads = _heads(_widgets(_full(41)))

    assert heads.count("Requests by key in the time shown") == 2
    assert "Requests by key and operation, each hour" not in heads


def test_without_a_trail_there_are_no_questions_and_the_page_says_so() -> None:
    contents = _full(1, copy=None)
    said = "".join(each["properties"]["markdown"] for each in _widgets(contents, "text"))

    assert _widgets(contents, "log") == []
    assert "No copy of a trail" in said
    assert "each GB" not in said
    assert not [head for head in _heads(_widgets(contents)) if head.startswith("Days since")]


def test_where_rotations_cannot_be_counted_the_page_says_so() -> None:
    copy = TrailCopy(log_group_name="trail", region="us-east-1", counts_rotations=False)
    contents = _full(1, copy=copy)
    said = "".join(each["properties"]["markdown"] for each in _widgets(contents, "text"))

    assert "Days since rotation are not here" in said
    assert len(_widgets(contents, "log")) == 4
