"""A function with a role, a log group and traces, and nothing else."""

from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_

from constructs_lib.functions.bundled_function import BundledFunction, Task
from constructs_lib.functions.function_settings import Capacity, FunctionSettings, read_function_settings
from tests.conftest import configured_app
from tests.support.findings import COLLECT_ONLY, add_packs, collect_findings, unacknowledged
from tests.support.synthesised import Json, only, resources, template_of, written

TASK = Task(
    handler="index.handle",
    description="Counts",
    environment={"WHAT": "sheep"},
    capacity=Capacity(memory_size_mib=256, seconds=7),
    without_queue="Somebody waits for the answer.",
    network="It reaches nothing that is private.",
)


def bundled(app: cdk.App, **settings: Any) -> BundledFunction:
    stack = cdk.Stack(app, "Orders", env=cdk.Environment(account="111122223333", region="eu-central-1"))
    told: FunctionSettings = settings  # type: ignore[assignment]
    return BundledFunction(
        stack,
        "Count",
        task=TASK,
        code=lambda_.Code.from_inline("def handle(event, context): ..."),
        operations_key=kms.Key(stack, "LogKey", enable_key_rotation=True),
        settings=read_function_settings(told),
    )


@pytest.fixture
def template(tmp_path: Path) -> Json:
    return template_of(cdk.Stack.of(bundled(configured_app(tmp_path))))


def test_its_role_writes_its_own_log_and_sends_traces(template: Json) -> None:
    (log_group,) = resources(template, "AWS::Logs::LogGroup")
    statements = [
        statement
        for policy in resources(template, "AWS::IAM::Policy").values()
        for statement in written(policy["Properties"]["PolicyDocument"]["Statement"])
    ]

    assert sorted(statements, key=str) == [
        {
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Effect": "Allow",
            "Resource": f"${{{log_group}.Arn}}",
        },
        {"Action": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "Effect": "Allow", "Resource": "*"},
    ]


def test_its_log_is_encrypted_kept_a_year_and_outlives_the_stack(template: Json) -> None:
    log_group = only(template, "AWS::Logs::LogGroup")
    (key,) = resources(template, "AWS::KMS::Key")

    assert written(log_group["Properties"]) == {"KmsKeyId": f"${{{key}.Arn}}", "RetentionInDays": 365}
    assert (log_group["DeletionPolicy"], log_group["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def test_it_is_told_what_its_task_says_and_is_not_repeated(template: Json) -> None:
    function = only(template, "AWS::Lambda::Function")["Properties"]

    assert {name: function[name] for name in ("Handler", "Description", "MemorySize", "Timeout")} == {
        "Handler": "index.handle",
        "Description": "Counts",
        "MemorySize": 256,
        "Timeout": 7,
    }
    assert function["Environment"] == {"Variables": {"WHAT": "sheep"}}
    assert function["TracingConfig"] == {"Mode": "Active"}
    assert "VpcConfig" not in function
    invoked = only(template, "AWS::Lambda::EventInvokeConfig")["Properties"]
    assert (invoked["MaximumRetryAttempts"], invoked["MaximumEventAgeInSeconds"]) == (0, 60)


def test_settings_come_before_the_task(tmp_path: Path) -> None:
    made = bundled(
        configured_app(tmp_path), timeout=cdk.Duration.seconds(9), memory_size_mib=1024, reserved_concurrency=2
    )
    function = only(template_of(cdk.Stack.of(made)), "AWS::Lambda::Function")["Properties"]

    assert made.timeout_seconds == function["Timeout"] == 9
    assert (function["MemorySize"], function["ReservedConcurrentExecutions"]) == (1024, 2)


def test_every_finding_is_answered_with_the_reasons_of_its_task(tmp_path: Path) -> None:
    app = configured_app(tmp_path, **COLLECT_ONLY)
    bundled(app)
    add_packs(app)

    found = collect_findings(app)

    assert unacknowledged(found) == []
    reasons = {(each.rule.partition("-")[2], each.reason) for each in found}
    assert ("LambdaDLQ", TASK.without_queue) in reasons
    assert ("LambdaInsideVPC", TASK.network) in reasons
