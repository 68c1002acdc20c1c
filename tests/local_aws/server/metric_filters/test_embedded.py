import itertools
import json
import time
from typing import Any

import pytest

from local_aws import LocalAws

pytestmark = pytest.mark.deploy
_number = itertools.count(1)


class Embedded:
    """A log group into which metrics are written, and an alarm on one of them."""

    def __init__(self, aws: LocalAws) -> None:
        session: Any = aws.session()
        self.name = f"embedded-{next(_number)}"
        self._logs, self._metrics = session.client("logs"), session.client("cloudwatch")
        self._logs.create_log_group(logGroupName=self.name)
        self._logs.create_log_stream(logGroupName=self.name, logStreamName="stream")
        self._metrics.put_metric_alarm(
            AlarmName=self.name,
            Namespace="Embedded",
            MetricName=self.name,
            Dimensions=[{"Name": "Kind", "Value": "a"}],
            Statistic="Maximum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=0,
            ComparisonOperator="GreaterThanThreshold",
        )

    def write(self, kind: str, value: object, *, before: str = "") -> None:
        """Write a log event with one metric."""
        directive = {"Namespace": "Embedded", "Dimensions": [["Kind"]], "Metrics": [{"Name": self.name}]}
        meta = {"Timestamp": 1, "CloudWatchMetrics": [directive]}
        message = before + json.dumps({"_aws": meta, "Kind": kind, self.name: value})
        now = int(time.time() * 1000)
        event = {"timestamp": now, "message": message}
        self._logs.put_log_events(logGroupName=self.name, logStreamName="stream", logEvents=[event])

    def state(self) -> str:
        """Read the state of the alarm."""
        (alarm,) = self._metrics.describe_alarms(AlarmNames=[self.name])["MetricAlarms"]
        return str(alarm["StateValue"])


def test_an_alarm_sees_the_metric_of_its_dimension_that_a_log_event_brings(aws: LocalAws) -> None:
    embedded = Embedded(aws)

    embedded.write("b", 3)
    assert embedded.state() == "INSUFFICIENT_DATA"
    embedded.write("a", 0)
    assert embedded.state() == "OK"
    embedded.write("a", [0, 2])

    assert embedded.state() == "ALARM"


def test_an_event_with_anything_before_the_object_brings_no_metric(aws: LocalAws) -> None:
    embedded = Embedded(aws)

    embedded.write("a", 1, before="INFO ")

    assert embedded.state() == "INSUFFICIENT_DATA"
