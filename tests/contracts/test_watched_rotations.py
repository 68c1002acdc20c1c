"""What the watch of secrets and the function that looks must agree on, though neither imports the other."""

import importlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns

from constructs_lib.secret_watch import SecretWatch
from constructs_lib.watching.notify import ToTopic
from secret_rotation.overdue import Look
from tests.support.function_roles import statements_by_handler
from tests.support.synthesised import resources, template_of
from tests.support.told_secrets import SECRET_ARN
from tests.support.watch_scene import stack_of, trail_of

NOT_BUNDLED: dict[str, Any] = {"aws:cdk:bundling-stacks": []}
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HANDLER = "secret_rotation.overdue.check"
IN_TIME = {"RotationEnabled": True, "NextRotationDate": NOW + timedelta(days=1)}


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    stack = stack_of(**NOT_BUNDLED)
    SecretWatch(
        stack,
        "Watch",
        secrets=[secretsmanager.Secret.from_secret_complete_arn(stack, "There", SECRET_ARN)],
        trail=trail_of(stack),
        notify=ToTopic(topic=sns.Topic(stack, "News", master_key=kms.Key(stack, "NewsKey"))),
        operations_key=kms.Key(stack, "Operations"),
    )
    return template_of(stack)


class Client:
    """Secrets Manager, to whoever asks for metadata; it keeps what it was asked."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.calls: list[tuple[str, str]] = []
        self._answer = answer

    def __getattr__(self, name: str) -> Any:
        def called(*, SecretId: str) -> Mapping[str, Any]:  # noqa: N803  # as AWS calls it
            self.calls.append((name, SecretId))
            return self._answer

        return called


def looked(template: dict[str, Any], described: Mapping[str, Any]) -> tuple[dict[str, Any], Client]:
    """Run the handler of the template with what its schedule says, and return the line that it writes."""
    (schedule,) = (
        each["Properties"] for each in resources(template, "AWS::Events::Rule").values() if _is_schedule(each)
    )
    (function,) = resources(template, "AWS::Lambda::Function").values()
    module, _, handler = function["Properties"]["Handler"].rpartition(".")
    client, written = Client(described), list[str]()
    run = getattr(importlib.import_module(module), handler)
    run(json.loads(schedule["Targets"][0]["Input"]), None, look=Look(client, written.append, lambda: NOW))
    (line,) = written
    return json.loads(line), client


def _is_schedule(rule: Mapping[str, Any]) -> bool:
    return "ScheduleExpression" in rule["Properties"]


def test_the_alarm_is_on_the_metric_that_the_function_writes(template: dict[str, Any]) -> None:
    (alarm,) = (
        each["Properties"]
        for each in resources(template, "AWS::CloudWatch::Alarm").values()
        if each["Properties"]["Namespace"] != "AWS/SQS"
    )

    line, _ = looked(template, IN_TIME)

    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert alarm["Namespace"] == directive["Namespace"]
    assert alarm["MetricName"] in {each["Name"] for each in directive["Metrics"]}
    assert [[each["Name"] for each in alarm["Dimensions"]]] == directive["Dimensions"]
    assert alarm["Dimensions"] == [{"Name": name, "Value": line[name]} for name in directive["Dimensions"][0]]


@pytest.mark.parametrize(
    ("described", "rings"),
    [
        (IN_TIME, False),
        ({**IN_TIME, "NextRotationDate": NOW - timedelta(minutes=1)}, True),
        ({**IN_TIME, "RotationEnabled": False}, True),
        ({}, True),
    ],
    ids=["in time", "overdue", "cancelled", "never rotated"],
)
def test_the_alarm_rings_for_what_the_function_sees(
    template: dict[str, Any], described: Mapping[str, Any], *, rings: bool
) -> None:
    (alarm,) = (
        each["Properties"]
        for each in resources(template, "AWS::CloudWatch::Alarm").values()
        if each["Properties"]["MetricName"] == "RotationProblems"
    )

    line, _ = looked(template, described)

    assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
    assert (line[alarm["MetricName"]] > alarm["Threshold"]) is rings


def test_the_function_calls_what_it_is_granted_and_nothing_else(template: dict[str, Any]) -> None:
    _, client = looked(template, IN_TIME)

    (statement,) = statements_by_handler(template)[HANDLER]
    assert client.calls == [("describe_secret", SECRET_ARN)]
    assert (statement["Action"], statement["Resource"]) == ("secretsmanager:DescribeSecret", SECRET_ARN)
