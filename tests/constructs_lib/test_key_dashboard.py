"""KeyDashboard in a template: the body, the count of rotations, and what it refuses before the CDK is asked."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from constructs_lib import ConfigurationError, EncryptionKey, SigningKey
from constructs_lib.existing_trail import ExistingTrail
from constructs_lib.key_dashboard import KeyDashboard
from tests.support.findings import COLLECT_ONLY, add_packs, collect_findings

ACCOUNT, REGION = "111122223333", "eu-west-1"
MINE = cdk.Environment(account=ACCOUNT, region=REGION)
MakeApp = Callable[..., cdk.App]


def _trail(stack: cdk.Stack, *, region: str = REGION, account: str = ACCOUNT, copied: str = "trail") -> ExistingTrail:
    return ExistingTrail(
        trail_arn=f"arn:aws:cloudtrail:{region}:{account}:trail/main",
        bucket=s3.Bucket.from_bucket_name(stack, f"Logs{region}{account}{copied}", "logs"),
        log_group=logs.LogGroup.from_log_group_name(stack, f"Copy{region}{account}", copied) if copied else None,
    )


def _written(value: Any) -> dict[str, Any]:
    """Return the body as CloudFormation would hand it over, with references in braces."""
    if isinstance(value, dict):
        parts = [
            "{" + "".join(str(each) for each in part.values()) + "}" if isinstance(part, dict) else part
            for part in value["Fn::Join"][1]
        ]
        value = "".join(parts)
    return dict(json.loads(value))


def _of_type(template: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [each["Properties"] for each in template["Resources"].values() if each["Type"] == kind]


def test_the_template_has_the_dashboard_and_the_count_and_no_finding(make_app: MakeApp, tmp_path: Path) -> None:
    from cfnlint.api import lint_file  # noqa: PLC0415  # costs a second, which the other tests need not pay

    app = make_app(outdir=tmp_path / "cdk.out", **COLLECT_ONLY)
    stack = cdk.Stack(app, "Orders", env=MINE)
    queue = sqs.Queue.from_queue_arn(stack, "Queue", f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders")
    board = KeyDashboard(
        stack,
        "Dashboard",
        dashboard_name="orders-keys",
        keys=[EncryptionKey(stack, "Key", alias="orders"), SigningKey(stack, "Receipts", alias="receipts")],
        trail=_trail(stack),
        functions=[lambda_.Function.from_function_name(stack, "Encrypt", "encrypt")],
        queues=[queue],
        dead_letter_queues=[queue],
    )
    s3.CfnBucket(stack, "Plain")  # so that every pack has something to find, elsewhere
    code = lambda_.CfnFunction.CodeProperty(zip_file="pass")
    role = "arn:aws:iam::111122223333:role/bare"
    lambda_.CfnFunction(stack, "Bare", role=role, code=code, handler="index.f", runtime="python3.13")
    add_packs(app)

    found = [each for each in collect_findings(app) if each.path.startswith(board.node.path)]
    template = json.loads((tmp_path / "cdk.out" / "Orders.template.json").read_text())

    assert found == []
    assert lint_file(tmp_path / "cdk.out" / "Orders.template.json") == []
    (dashboard,) = _of_type(template, "AWS::CloudWatch::Dashboard")
    body = _written(dashboard["DashboardBody"])
    text = json.dumps(body)
    assert dashboard["DashboardName"] == "orders-keys"
    assert "KeyArn=\\\\\\\"{['Key961B73FD', 'Arn']}\\\\\\\"" in json.dumps(text)
    assert "|alias/orders|{Key961B73FD}|" in text
    assert "SOURCE 'trail' | filter" in text
    (counted,) = _of_type(template, "AWS::Logs::MetricFilter")
    assert counted == {
        "FilterPattern": '{ ($.eventSource = "kms.amazonaws.com") && ($.eventName = "RotateKey") }',
        "LogGroupName": "trail",
        "MetricTransformations": [
            {
                "Dimensions": [{"Key": "KeyId", "Value": "$.serviceEventDetails.keyId"}],
                "MetricName": "Rotations",
                "MetricNamespace": "KeyDashboard",
                "MetricValue": "1",
            }
        ],
    }


def test_two_hundred_keys_fit_a_template(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "Orders", env=MINE)
    arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-"
    keys = {f"key-{index}": kms.Key.from_key_arn(stack, f"K{index}", f"{arn}{index:012d}") for index in range(200)}
    board = KeyDashboard(stack, "Dashboard", dashboard_name="keys", keys=keys, trail=_trail(stack))
    written = json.dumps(stack.resolve(board.dashboard.dashboard_body))

    assert len(written) < 300_000  # of 1,000,000 that a template may have
    assert "alias/key-199" in written


def test_rotations_are_counted_only_beside_the_log_group(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "Orders", env=MINE)
    keys = [EncryptionKey(stack, "Key", alias="orders")]
    trail = _trail(stack, region="us-east-1")
    board = KeyDashboard(stack, "Dashboard", dashboard_name="keys", keys=keys, trail=trail)

    assert board.rotations is None
    assert '"us-east-1"' in json.dumps(stack.resolve(board.dashboard.dashboard_body)).replace("\\", "")
    assert KeyDashboard(stack, "Without", dashboard_name="without", keys=keys).rotations is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"trail": "main"}, "trail must be AuditTrail(...) or ExistingTrail(...), got 'main'"),
        (
            {"trail": {"copied": ""}},
            (
                "trail must have a log group, which is asked for what KMS publishes no metric for, got main without "
                "one; leave trail out"
            ),
        ),
        (
            {"trail": {"account": "444455556666"}},
            (
                "trail must be in 111122223333, the account of the dashboard, which reads its log group, got main in "
                "444455556666; leave trail out"
            ),
        ),
        ({"dashboard_name": "a b"}, "dashboard_name must be 1 to 255 letters, digits, - and _, got 'a b'"),
        ({"functions": [1]}, "functions[0] must be a function, such as arrival.function, got 1"),
        ({"queues": [1]}, "queues[0] must be a queue, such as arrival.dead_letter_queue, got 1"),
        ({"dead_letter_queues": 1}, "dead_letter_queues must be a sequence, got 1"),
        ({"keys": []}, "keys must be 1 to 200 for one dashboard, got 0"),
    ],
)
def test_refuses_bad_input_before_anything_is_made(make_app: MakeApp, given: dict[str, Any], said: str) -> None:
    stack = cdk.Stack(make_app(), "Orders", env=MINE)
    usual: dict[str, Any] = {"dashboard_name": "keys", "keys": [EncryptionKey(stack, "Key", alias="orders")]}
    if isinstance(given.get("trail"), dict):
        given = {"trail": _trail(stack, **given["trail"])}

    with pytest.raises(ConfigurationError) as refusal:
        KeyDashboard(stack, "Dashboard", **usual | given)

    assert str(refusal.value) == said
    assert stack.node.try_find_child("Dashboard") is None
