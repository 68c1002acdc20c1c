"""Widget: one part of a dashboard as plain data, before anybody knows where it will stand.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDE, HALF, TWO_THIRDS, THIRD = 24, 12, 16, 8
HOUR, DAY = 3600, 86400
_LEGEND_BELOW, _NUMBERS_IN_A_ROW = 10, 8


@dataclass(frozen=True)
class Widget:
    """A part of a dashboard.

    Attributes:
        kind: What CloudWatch calls it: `metric`, `log` or `text`.
        width: Of the 24 columns.
        height: In rows.
        properties: What it shows.
    """

    kind: str
    width: int
    height: int
    properties: Mapping[str, Any]


def words(markdown: str, *, width: int = WIDE, height: int = 2) -> Widget:
    """Return a widget that says something.

    Args:
        markdown: What it says.
        width: Of the 24 columns.
        height: In rows.
    """
    return Widget("text", width, height, {"markdown": markdown})


def expression(text: str, *, label: str, **options: object) -> list[Any]:
    """Return a series that is computed.

    Args:
        text: Metric math.
        label: What its line is called.
        **options: How it is drawn.
    """
    return [{"expression": text, "label": label, **options}]


def graph(title: str, series: Sequence[Any], *, region: str, width: int = HALF, **properties: object) -> Widget:
    """Return a widget that draws lines over time.

    Args:
        title: What stands above.
        series: Metrics and expressions.
        region: Whose metrics.
        width: Of the 24 columns.
        **properties: What else CloudWatch is told, such as `annotations`.
    """
    many = _shown(series) > _LEGEND_BELOW
    legend: dict[str, object] = {"legend": {"position": "right"}} if many else {}
    height = 9 if many else 6
    return _metric(title, series, width=width, height=height, view="timeSeries", region=region, **legend, **properties)


def bars(title: str, series: Sequence[Any], *, region: str, width: int = HALF) -> Widget:
    """Return a widget with a bar for each series: its value over the whole time that is shown.

    Args:
        title: What stands above.
        series: Metrics and expressions.
        region: Whose metrics.
        width: Of the 24 columns.
    """
    height = max(6, 3 + _shown(series) // 2)
    return _metric(
        title, series, width=width, height=height, view="bar", region=region, setPeriodToTimeRange=True, period=HOUR
    )


def numbers(title: str, series: Sequence[Any], *, region: str, width: int = HALF, **properties: object) -> Widget:
    """Return a widget with the latest value of each series.

    Args:
        title: What stands above.
        series: Metrics and expressions.
        region: Whose metrics.
        width: Of the 24 columns.
        **properties: What else CloudWatch is told, such as `start` and `period`.
    """
    height = 4 if _shown(series) <= _NUMBERS_IN_A_ROW else 8
    return _metric(title, series, width=width, height=height, view="singleValue", region=region, **properties)


def log_widget(title: str, query: str, *, region: str, width: int = HALF, view: str = "table") -> Widget:
    """Return a widget that asks CloudWatch Logs Insights each time that the dashboard is loaded or refreshed.

    Args:
        title: What stands above.
        query: With the log group in front.
        region: Of the log group.
        width: Of the 24 columns.
        view: How the answer is drawn: `table` or `timeSeries`.
    """
    properties = {"title": title, "query": query, "view": view, "region": region, "stacked": False}
    return Widget("log", width, 7, properties)


def _metric(title: str, series: Sequence[Any], *, width: int, height: int, **properties: object) -> Widget:
    shown = {"title": title, "metrics": list(series), "stacked": False, "period": 300, **properties}
    return Widget("metric", width, height, shown)


def _shown(series: Sequence[Any]) -> int:
    return sum(bool(each[-1].get("visible", True)) for each in series)
