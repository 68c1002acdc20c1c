"""Deployed, a dashboard is what CloudWatch gives back, with the ids of real keys, and rotations are counted for it."""

import datetime as dt
import json
import time
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3

from constructs_lib import EncryptionKey, ExistingTrail, KeyDashboard
from local_aws import LocalAws
from tests.support.logs_insights import LogsInsights
from tests.support.recorded_events import record
from tests.support.stack_operation import StackOperation
from tests.support.synthesised import template_of

pytestmark = pytest.mark.deploy
GROUP, NAME = "dashboard-trail", "local-keys"


@pytest.fixture(scope="module")
def key_id(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Deploy a key and its dashboard."""
    app = cdk.App(outdir=str(tmp_path_factory.mktemp("cdk.out")), builtin_cloud_formation_validation=False)
    stack = cdk.Stack(app, "KeyDashboard", env=cdk.Environment(account=aws.account, region=aws.region))
    group = logs.LogGroup(stack, "Copy", log_group_name=GROUP)
    logs.LogStream(stack, "Stream", log_group=group, log_stream_name="stream")
    trail = ExistingTrail(
        trail_arn=f"arn:aws:cloudtrail:{aws.region}:{aws.account}:trail/main",
        bucket=s3.Bucket.from_bucket_name(stack, "Logs", "logs"),
        log_group=group,
    )
    keys: list[Any] = [EncryptionKey(stack, "Key", alias="dashboard-orders")]
    KeyDashboard(stack, "Dashboard", dashboard_name=NAME, keys=keys, trail=trail)

    outcome = StackOperation(aws.session()).create(template_of(stack)["Resources"], name="KeyDashboard")

    assert (outcome.status, outcome.failures) == ("CREATE_COMPLETE", ())
    client: Any = aws.session().client("kms")
    return str(client.describe_key(KeyId="alias/dashboard-orders")["KeyMetadata"]["KeyId"])


def _body(aws: LocalAws) -> dict[str, Any]:
    client: Any = aws.session().client("cloudwatch")
    return dict(json.loads(client.get_dashboard(DashboardName=NAME)["DashboardBody"]))


def test_the_deployed_dashboard_asks_for_the_real_key(aws: LocalAws, key_id: str) -> None:
    widgets = _body(aws)["widgets"]
    queries = [each["properties"]["query"] for each in widgets if each["type"] == "log"]
    expressions = [
        series[0]["expression"]
        for each in widgets
        if each["type"] == "metric"
        for series in each["properties"]["metrics"]
        if "SEARCH(" in str(series)
    ]

    assert len(queries) == 4
    assert all(query.startswith(f"SOURCE '{GROUP}' | ") and key_id in query for query in queries)
    arn = f"arn:aws:kms:{aws.region}:{aws.account}:key/{key_id}"
    assert expressions
    assert all(f'"{arn}"' in expression for expression in expressions)


def test_a_deployed_question_answers_with_the_alias(aws: LocalAws, key_id: str) -> None:
    refused = record("failed/Decrypt-IncorrectKeyException", errorCode="AccessDenied")
    text = json.dumps(refused).replace("1234abcd-12ab-34cd-56ef-1234567890ab", key_id)
    (query,) = [
        each["properties"]["query"]
        for each in _body(aws)["widgets"]
        if each["properties"].get("title") == "Refusals by principal"
    ]

    (row,) = LogsInsights(query).answer([json.loads(text), refused])

    assert (row["alias"], row["refusals"]) == ("alias/dashboard-orders", 1)


def test_a_rotation_in_the_log_group_is_counted_for_its_key(aws: LocalAws, key_id: str) -> None:
    rotated = record("RotateKey")
    rotated["serviceEventDetails"]["keyId"] = key_id
    writing: Any = aws.session().client("logs")
    events = [
        {"timestamp": int(time.time() * 1000), "message": json.dumps(each)} for each in (rotated, record("Decrypt"))
    ]
    writing.put_log_events(logGroupName=GROUP, logStreamName="stream", logEvents=events)

    client: Any = aws.session().client("cloudwatch")
    now = dt.datetime.now(dt.UTC)
    counted = client.get_metric_statistics(
        Namespace="KeyDashboard",
        MetricName="Rotations",
        Dimensions=[{"Name": "KeyId", "Value": key_id}],
        StartTime=now - dt.timedelta(hours=1),
        EndTime=now + dt.timedelta(hours=1),
        Period=3600,
        Statistics=["Sum"],
    )["Datapoints"]

    assert [each["Sum"] for each in counted] == [1]
