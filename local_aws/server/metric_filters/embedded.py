"""Metrics that log events bring along in the embedded metric format; ministack keeps the events and reads none.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ministack.services import cloudwatch, cloudwatch_logs

_append_before = cloudwatch_logs._append_log_events


def extend() -> None:
    """Stand where every service and the API write log events, before whoever stands there already."""
    global _append_before  # noqa: PLW0603  # whoever stands there is known only when this is called
    _append_before = cloudwatch_logs._append_log_events
    cloudwatch_logs._append_log_events = _append


def _append(stream: dict[str, Any], events: Sequence[Mapping[str, Any]]) -> None:
    _append_before(stream, events)
    found = [point for event in events for point in _points(str(event["message"]))]
    for namespace, name, value, unit, dimensions in found:
        cloudwatch.record_metric(namespace, name, value, unit, dimensions)
    if found:
        cloudwatch._evaluate_all_alarms()


def _points(message: str) -> Iterator[tuple[str, str, float, str, dict[str, str]]]:
    """Yield the data points of a message that is one JSON object and says of itself what is a metric."""
    try:
        event = json.loads(message)
        directives = event["_aws"]["CloudWatchMetrics"]
    except (ValueError, KeyError, TypeError):
        return
    for directive in directives:
        for names in directive["Dimensions"]:
            dimensions = {name: str(event[name]) for name in names}
            for metric in directive["Metrics"]:
                values = event[metric["Name"]]
                for value in values if isinstance(values, list) else [values]:
                    unit = metric.get("Unit", "None")
                    yield directive["Namespace"], metric["Name"], float(value), unit, dimensions
