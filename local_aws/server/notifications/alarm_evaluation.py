"""An alarm looks at its own metric, dimensions included, period by period.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarm-evaluation
ministack takes all metrics of the name together, and all periods for one. Alarms are evaluated when data arrive, not
as time goes by.
"""

import operator
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ministack.services import cloudwatch

_IS_BREACH: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}

_Point = Mapping[str, Any]


def extend() -> None:
    """Evaluate in ministack's place."""
    cloudwatch._evaluate_alarm = _evaluate


def _evaluate(alarm: dict[str, Any]) -> None:
    if not alarm.get("MetricName") or alarm.get("ComparisonOperator") not in _IS_BREACH:
        return
    breaches = _breaches(alarm)
    if not any(each is not None for each in breaches):
        return
    is_missing_bad = alarm.get("TreatMissingData") == "breaching"
    number = sum(is_missing_bad if each is None else each for each in breaches)
    needed = alarm.get("DatapointsToAlarm") or alarm.get("EvaluationPeriods", 1)
    new = "ALARM" if number >= needed else "OK"
    old = alarm["StateValue"]
    if new != old:
        reason = f"Threshold Crossed: {number} of {len(breaches)} datapoints breach {alarm['Threshold']}"
        alarm |= {"StateValue": new, "StateReason": reason, "StateUpdatedTimestamp": int(time.time())}
        cloudwatch._record_history(alarm["AlarmName"], old, new, reason)
        cloudwatch._dispatch_alarm_actions(alarm, old, new, reason)
        cloudwatch._evaluate_parent_alarms(alarm)


def _breaches(alarm: Mapping[str, Any]) -> list[bool | None]:
    """Say of each period, the newest first, whether it breaches the threshold; nothing where there are no data."""
    dimensions = cloudwatch._dims_from_list(alarm.get("Dimensions") or [])
    name = (alarm["Namespace"], alarm["MetricName"], cloudwatch._dims_key(dimensions))
    points: Sequence[_Point] = cloudwatch._metrics.get(name) or []
    length, now = int(alarm.get("Period", 60)), time.time()
    of_periods: list[list[_Point]] = [[] for _ in range(int(alarm.get("EvaluationPeriods", 1)))]
    for point in points:
        age = max(0, int((now - point["Timestamp"]) // length))
        if age < len(of_periods):
            of_periods[age].append(point)
    return [_breaches_in(alarm, each) if each else None for each in of_periods]


def _breaches_in(alarm: Mapping[str, Any], points: Sequence[_Point]) -> bool | None:
    statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic", "Average")
    value = cloudwatch._stat_value(cloudwatch._calc_stats(points), statistic, points)
    return None if value is None else _IS_BREACH[alarm["ComparisonOperator"]](value, float(alarm["Threshold"]))
