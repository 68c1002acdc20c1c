import itertools
from collections.abc import Callable
from typing import Any

import pytest

from local_aws import LocalAws
from tests.local_aws.server.notifications.conftest import Mail, service

pytestmark = pytest.mark.deploy

USE = ["kms:GenerateDataKey*", "kms:Decrypt"]
PUBLISH = ["sns:Publish"]
_number = itertools.count(1)


def of_alarms(name: str) -> dict[str, Any]:
    """Say for whom CloudWatch has to act."""
    arn = f"arn:aws:cloudwatch:eu-central-1:111122223333:alarm:{name}"
    return {"ArnLike": {"aws:SourceArn": arn}, "StringEquals": {"aws:SourceAccount": "111122223333"}}


def make_alarm(aws: LocalAws, topic: str, **options: Any) -> tuple[Any, str]:
    """Make an alarm on a metric of its own and return CloudWatch and the name of both."""
    session: Any = aws.session()
    client, name = session.client("cloudwatch"), f"alarm-{next(_number)}"
    settings = {"EvaluationPeriods": 1, "Threshold": 3, "Statistic": "Sum", "Period": 300, **options}
    comparison = "GreaterThanOrEqualToThreshold"
    client.put_metric_alarm(
        AlarmName=name,
        Namespace="Test",
        MetricName=name,
        ComparisonOperator=comparison,
        AlarmActions=[topic],
        **settings,
    )
    return client, name


def test_an_alarm_tells_a_topic_that_admits_it_and_its_key(aws: LocalAws, make_key: Callable[..., str]) -> None:
    condition = of_alarms("alarm-*")
    key = make_key(service("cloudwatch", USE, condition=condition))
    mail = Mail(aws, key, service("cloudwatch", PUBLISH, condition=condition))
    client, name = make_alarm(aws, mail.topic)

    client.put_metric_data(Namespace="Test", MetricData=[{"MetricName": name, "Value": 2}])
    assert mail.heard(0) == []
    client.put_metric_data(Namespace="Test", MetricData=[{"MetricName": name, "Value": 1}])

    (message,) = mail.heard(1)
    assert (message["AlarmName"], message["NewStateValue"]) == (name, "ALARM")


@pytest.mark.parametrize(
    ("of_topic", "of_key"),
    [
        (service("events", PUBLISH), service("cloudwatch", USE)),
        (service("cloudwatch", PUBLISH), service("events", USE)),
        (service("cloudwatch", PUBLISH, condition=of_alarms("other")), service("cloudwatch", USE)),
        (service("cloudwatch", PUBLISH), service("cloudwatch", USE, condition=of_alarms("other"))),
    ],
    ids=["topic for another service", "key for another service", "topic for another alarm", "key for another alarm"],
)
def test_refuses_an_alarm_that_topic_or_key_do_not_admit(
    aws: LocalAws, make_key: Callable[..., str], of_topic: dict[str, Any], of_key: dict[str, Any]
) -> None:
    mail = Mail(aws, make_key(of_key), of_topic)
    client, name = make_alarm(aws, mail.topic)

    client.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="test")

    history = client.describe_alarm_history(AlarmName=name, HistoryItemType="Action")["AlarmHistoryItems"]
    assert [each["HistorySummary"] for each in history] == [f"Failed to execute action {mail.topic}"]
    assert mail.heard(0) == []


def test_an_alarm_sees_its_own_dimensions_only(aws: LocalAws) -> None:
    mine, other = [{"Name": "Rule", "Value": "mine"}], [{"Name": "Rule", "Value": "other"}]
    client, name = make_alarm(aws, "arn:aws:sns:eu-central-1:111122223333:none", Dimensions=mine)

    client.put_metric_data(Namespace="Test", MetricData=[{"MetricName": name, "Value": 9, "Dimensions": other}])
    before = client.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["StateValue"]
    client.put_metric_data(Namespace="Test", MetricData=[{"MetricName": name, "Value": 9, "Dimensions": mine}])
    after = client.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["StateValue"]

    assert (before, after) == ("INSUFFICIENT_DATA", "ALARM")


def test_an_alarm_waits_for_as_many_periods_as_it_is_told(aws: LocalAws) -> None:
    client, name = make_alarm(aws, "arn:aws:sns:eu-central-1:111122223333:none", EvaluationPeriods=2, Period=3600)

    client.put_metric_data(Namespace="Test", MetricData=[{"MetricName": name, "Value": 9}])

    assert client.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["StateValue"] == "OK"
