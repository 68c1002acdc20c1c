"""Metric filters and alarms: what stands in the template, and that two watches do not meet."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from constructs_lib.watching.burst import Burst
from constructs_lib.watching.counted import count_refusals_and_misuse
from constructs_lib.watching.itself_counted import Itself
from constructs_lib.watching.metric_filters import LONGEST_DESCRIPTION
from constructs_lib.watching.runbook import OF_THE_LIBRARY
from tests.support.synthesised import Json, resources, template_of, written

KINDS = [
    "RefusedUseOfKeys",
    "UseOfKeyPendingDeletion",
    "UseOfDisabledKey",
    "ChangesOfTheWatch",
    "ChangesOfWatchedRoles",
]


class Heard:
    """An outlet that keeps what it is told of."""

    runbook = OF_THE_LIBRARY

    def __init__(self) -> None:
        self.alarms: list[cloudwatch.Alarm] = []

    def on_alarm(self, alarm: cloudwatch.Alarm) -> None:
        self.alarms.append(alarm)


@pytest.fixture(scope="module")
def heard() -> Heard:
    return Heard()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, heard: Heard) -> Json:
    app = cdk.App(outdir=str(tmp_path_factory.mktemp("cdk.out")), builtin_cloud_formation_validation=False)
    stack = cdk.Stack(app, "Orders")
    group = logs.LogGroup(stack, "Copy")
    outlet: Any = heard
    itself = Itself(prefix="Orders-", queue_url="https://queue", log_group_name=group.log_group_name, topic_arn=None)
    role = iam.Role(stack, "Reader", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    policy = iam.ManagedPolicy.from_managed_policy_arn(stack, "Policy", "arn:aws:iam::111122223333:policy/reads")
    count_refusals_and_misuse(
        Construct(stack, "One"),
        log_group=group,
        outlet=outlet,
        roles=[role],
        policies=[policy],
        itself=itself,
        burst=Burst(refusals=3),
    )
    count_refusals_and_misuse(Construct(stack, "Two"), log_group=group, outlet=outlet, itself=itself)
    return template_of(stack)


def of(template: Json, kind: str) -> list[Json]:
    return [each["Properties"] for each in resources(template, kind).values()]


def test_every_alarm_is_told(template: Json, heard: Heard) -> None:
    assert [alarm.node.path for alarm in heard.alarms] == [
        *(f"Orders/One/{kind}" for kind in KINDS),
        *(f"Orders/Two/{kind}" for kind in KINDS[:4]),
    ]
    assert len(heard.alarms) == len(of(template, "AWS::CloudWatch::Alarm"))


def test_an_alarm_counts_what_its_metric_filters_find(template: Json) -> None:
    counted = {
        (each["MetricName"], each["MetricNamespace"])
        for filtered in of(template, "AWS::Logs::MetricFilter")
        for each in filtered["MetricTransformations"]
    }

    assert {(each["MetricName"], each["Namespace"]) for each in of(template, "AWS::CloudWatch::Alarm")} == counted


def test_no_two_watches_share_a_metric_or_a_name(template: Json) -> None:
    alarms = of(template, "AWS::CloudWatch::Alarm")

    for name in ("MetricName", "AlarmName"):
        assert len({each[name] for each in alarms}) == len(alarms)
    assert all("FilterName" not in each for each in of(template, "AWS::Logs::MetricFilter"))


def test_an_alarm_is_written_whole(template: Json) -> None:
    (alarm,) = (
        each for each in of(template, "AWS::CloudWatch::Alarm") if each["AlarmName"] == "Orders-One-RefusedUseOfKeys"
    )

    described, metric = written(alarm.pop("AlarmDescription")), alarm.pop("MetricName")
    assert alarm == {
        "AlarmName": "Orders-One-RefusedUseOfKeys",
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "EvaluationPeriods": 1,
        "Namespace": "KeyManagement/Orders",
        "Period": 300,
        "Statistic": "Sum",
        "Threshold": 3,
        "TreatMissingData": "notBreaching",
    }
    assert metric.startswith("RefusedUseOfKeys-")
    assert described.startswith("KMS refused 3 requests or more within 5 minutes")
    assert "--log-group-name ${Copy" in described
    assert len(described) <= LONGEST_DESCRIPTION


def test_a_metric_filter_counts_one_and_says_zero_otherwise(template: Json) -> None:
    group = {"Ref": next(iter(resources(template, "AWS::Logs::LogGroup")))}

    for filtered in of(template, "AWS::Logs::MetricFilter"):
        (transformation,) = filtered["MetricTransformations"]
        assert (transformation["MetricValue"], transformation["DefaultValue"]) == ("1", 0)
        assert filtered["LogGroupName"] == group


def test_a_role_without_a_name_is_watched_by_the_one_that_it_gets(template: Json) -> None:
    role = next(iter(resources(template, "AWS::IAM::Role")))
    patterns = [written(each["FilterPattern"]) for each in of(template, "AWS::Logs::MetricFilter")]

    (by_name,) = (pattern for pattern in patterns if "roleName" in pattern)
    (by_policy,) = (pattern for pattern in patterns if "policyArn" in pattern)
    assert f'($.requestParameters.roleName = "${{{role}}}")' in by_name
    assert '($.requestParameters.policyArn = "arn:aws:iam::111122223333:policy/reads")' in by_policy
