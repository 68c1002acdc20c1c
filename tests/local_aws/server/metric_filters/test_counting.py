import itertools
import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws

pytestmark = pytest.mark.deploy
_number = itertools.count(1)


class Counted:
    """A log group with one metric filter on its events."""

    def __init__(self, aws: LocalAws, pattern: str, **transformation: Any) -> None:
        session: Any = aws.session()
        self.name = f"counted-{next(_number)}"
        self._logs, self._metrics = session.client("logs"), session.client("cloudwatch")
        self._logs.create_log_group(logGroupName=self.name)
        self._logs.create_log_stream(logGroupName=self.name, logStreamName="stream")
        metric = {"metricNamespace": "Counted", "metricName": self.name, "metricValue": "1", **transformation}
        self._logs.put_metric_filter(
            logGroupName=self.name, filterName="filter", filterPattern=pattern, metricTransformations=[metric]
        )

    def write(self, *messages: str) -> None:
        """Write log events."""
        now = int(time.time() * 1000)
        events = [{"timestamp": now, "message": message} for message in messages]
        self._logs.put_log_events(logGroupName=self.name, logStreamName="stream", logEvents=events)

    def total(self, **dimensions: str) -> float:
        """Read the sum of the metric."""
        found = self._metrics.get_metric_statistics(
            Namespace="Counted",
            MetricName=self.name,
            Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
            StartTime="2020-01-01T00:00:00Z",
            EndTime="2100-01-01T00:00:00Z",
            Period=60,
            Statistics=["Sum"],
        )
        return float(sum(each["Sum"] for each in found["Datapoints"]))

    def state(self) -> str:
        """Make an alarm on two of the metric, or read its state."""
        found = self._metrics.describe_alarms(AlarmNames=[self.name])["MetricAlarms"]
        if found:
            return str(found[0]["StateValue"])
        self._metrics.put_metric_alarm(
            AlarmName=self.name,
            Namespace="Counted",
            MetricName=self.name,
            Statistic="Sum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=2,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            TreatMissingData="notBreaching",
        )
        return self.state()


def test_events_that_a_filter_describes_are_counted_and_an_alarm_sees_them(aws: LocalAws) -> None:
    counted = Counted(aws, '{ $.errorCode = "AccessDenied*" }')
    assert counted.state() == "INSUFFICIENT_DATA"

    counted.write(json.dumps({"errorCode": "AccessDenied"}), json.dumps({"errorCode": "Throttling"}), "no JSON")
    assert (counted.total(), counted.state()) == (1, "OK")
    counted.write(json.dumps({"errorCode": "AccessDeniedException"}))

    assert (counted.total(), counted.state()) == (2, "ALARM")


def test_a_value_and_a_dimension_come_from_the_event(aws: LocalAws) -> None:
    counted = Counted(aws, "{ $.size > 0 }", metricValue="$.size", dimensions={"Kind": "$.kind"})

    counted.write('{"size": 3, "kind": "a"}', '{"size": 4, "kind": "b"}', '{"size": 5, "kind": "a"}')

    assert (counted.total(Kind="a"), counted.total(Kind="b")) == (8, 4)


def test_a_filter_counts_its_default_where_nothing_matches(aws: LocalAws) -> None:
    counted = Counted(aws, "{ $.a = 1 }", defaultValue=7)

    counted.write("{}")

    assert counted.total() == 7


def test_terms_are_looked_for_in_the_text(aws: LocalAws) -> None:
    counted = Counted(aws, "ERROR disk")

    counted.write("ERROR on disk", "ERROR elsewhere")

    assert counted.total() == 1


def test_refuses_a_filter_whose_pattern_is_none(aws: LocalAws) -> None:
    with pytest.raises(ClientError, match="Invalid metric filter pattern"):
        Counted(aws, "{ $.a = }")
