"""What a metric filter makes of new log events: data points of its metrics, and alarms that see them at once.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ministack.services import cloudwatch, cloudwatch_logs

from local_aws.server.metric_filters.json_pattern import PatternError, json_predicate, selected

_append_as_ministack = cloudwatch_logs._append_log_events
_put_as_ministack = cloudwatch_logs._put_metric_filter


def extend() -> None:
    """Stand where every service and the API write log events, and where filters are made."""
    cloudwatch_logs._append_log_events = _append
    cloudwatch_logs._put_metric_filter = _put


def _put(request: dict[str, Any]) -> Any:  # noqa: ANN401  # ministack's response
    pattern = request.get("filterPattern", "")
    if pattern.strip().startswith("{"):
        try:
            json_predicate(pattern)
        except PatternError as error:
            return cloudwatch_logs.error_response_json(
                "InvalidParameterException", f"Invalid metric filter pattern: {error}", 400
            )
    return _put_as_ministack(request)


def _append(stream: dict[str, Any], events: Sequence[Mapping[str, Any]]) -> None:
    _append_as_ministack(stream, events)
    filters = list(cloudwatch_logs._metric_filters.values())
    if not filters or not events:
        return
    group = next((name for name, each in cloudwatch_logs._log_groups.items() if _holds(each, stream)), None)
    counted = [each for each in filters if each["logGroupName"] == group]
    for each in counted:
        _count(each, [str(event["message"]) for event in events])
    if counted:
        cloudwatch._evaluate_all_alarms()


def _holds(group: Mapping[str, Any], stream: dict[str, Any]) -> bool:
    return any(each is stream for each in group["streams"].values())


def _count(metric_filter: Mapping[str, Any], messages: Sequence[str]) -> None:
    matching = list(_matching(metric_filter["filterPattern"], messages))
    for transformation in metric_filter["metricTransformations"]:
        values = [
            (value, _dimensions(transformation, event))
            for event in matching
            if (value := _value(transformation["metricValue"], event)) is not None
        ]
        if not matching and "defaultValue" in transformation:
            values = [(float(transformation["defaultValue"]), {})]
        for value, dimensions in values:
            cloudwatch.record_metric(
                transformation["metricNamespace"],
                transformation["metricName"],
                value,
                transformation.get("unit", "None"),
                dimensions,
            )


def _matching(pattern: str, messages: Sequence[str]) -> Iterator[Any]:
    """Yield the log events that a pattern describes, parsed where the pattern is one for JSON."""
    if not pattern.strip().startswith("{"):
        # Terms: every one of them, as ministack's subscription filters read them.
        yield from (each for each in messages if cloudwatch_logs._subscription_pattern_matches(pattern, each))
        return
    predicate = json_predicate(pattern)
    for message in messages:
        try:
            event = json.loads(message)
        except ValueError:
            continue
        if predicate(event):
            yield event


def _value(text: str, event: object) -> float | None:
    if not text.startswith("$"):
        return float(text)
    found = selected(text, event)
    try:
        return float(found[0])
    except (IndexError, TypeError, ValueError):
        return None


def _dimensions(transformation: Mapping[str, Any], event: object) -> dict[str, str]:
    found = {name: selected(selector, event) for name, selector in transformation.get("dimensions", {}).items()}
    return {name: str(values[0]) for name, values in found.items() if values}
