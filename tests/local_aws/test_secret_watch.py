"""The watch over secrets, deployed: what happens to one, and that nobody rotates it, reaches who is subscribed."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs

from constructs_lib import EncryptionKey
from constructs_lib.audit_trail import AuditTrail
from constructs_lib.secret_watch import SecretWatch
from constructs_lib.watching.notify import NewTopic
from local_aws import LocalAws
from tests.conftest import FLAGS
from tests.support.deployed_assembly import deploy_assembly
from tests.support.session_assets import SessionAssets
from tests.support.told_events import ACCOUNT, REGION

pytestmark = pytest.mark.deploy


class Watched:
    """A secret without rotation, and a watch over it."""

    def __init__(self, aws: LocalAws, folder: Path, session_assets: SessionAssets) -> None:
        """Deploy it as the restricted execution role."""
        self.aws = aws
        with session_assets.for_app(folder):
            assembly = _app(folder).synth()
        self.out = deploy_assembly(aws, assembly)["Watched"]

    def client(self, service: str) -> Any:
        """Make a client of the administrator."""
        return self.aws.session().client(service)  # type: ignore[call-overload]

    def hear(self, expected: str, *, seconds: float = 10) -> str:
        """Read messages until one has an expected text, and return it."""
        until = time.monotonic() + seconds
        heard: list[str] = []
        while time.monotonic() < until:
            for each in self.client("sqs").receive_message(QueueUrl=self.out["QueueOut"]).get("Messages", []):
                self.client("sqs").delete_message(QueueUrl=self.out["QueueOut"], ReceiptHandle=each["ReceiptHandle"])
                heard.append(each["Body"])
                if expected in heard[-1]:
                    return heard[-1]
            time.sleep(0.02)
        raise AssertionError(heard)

    def look(self) -> None:
        """Invoke the function as its schedule does."""
        (target,) = self.client("events").list_targets_by_rule(Rule=self.out["ScheduleOut"])["Targets"]
        told = self.client("lambda").invoke(FunctionName=target["Arn"], Payload=target["Input"].encode())
        assert "FunctionError" not in told, told["Payload"].read()


def _app(folder: Path) -> cdk.App:
    app = cdk.App(
        outdir=str(folder),
        analytics_reporting=False,
        tree_metadata=False,
        context={**FLAGS, "@aws-cdk/core:validationReportPrettyPrint": False},
        builtin_cloud_formation_validation=False,
    )
    stack = cdk.Stack(app, "Watched", env=cdk.Environment(account=ACCOUNT, region=REGION))
    logs, operations, news = (EncryptionKey(stack, name, alias=name.lower()) for name in ("Logs", "Operations", "News"))
    secret = secretsmanager.Secret(stack, "Secret", secret_name="orders/api-key")
    watch = SecretWatch(
        stack,
        "Watch",
        secrets=[secret],
        trail=AuditTrail(stack, "Trail", trail_name="main", encryption_key=logs, operations_key=operations),
        notify=NewTopic(encryption_key=news),
        operations_key=operations,
    )
    queue = sqs.Queue(stack, "Queue")
    assert watch.topic is not None
    watch.topic.add_subscription(subscriptions.SqsSubscription(queue, raw_message_delivery=True))
    schedule: Any = watch.node.find_child("Look")
    (alarm,) = watch.alarms
    named = {"Secret": secret.secret_arn, "Queue": queue.queue_url, "Schedule": schedule.ref, "Alarm": alarm.alarm_name}
    for name, value in named.items():
        cdk.CfnOutput(stack, f"{name}Out", value=value).override_logical_id(name + "Out")
    return app


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, session_assets: SessionAssets) -> Iterator[Watched]:
    with LocalAws(account=ACCOUNT, region=REGION) as aws:
        yield Watched(aws, tmp_path_factory.mktemp("watched"), session_assets)


def test_a_secret_that_nobody_rotates_is_told_by_its_alarm_and_by_no_value(watched: Watched) -> None:
    watched.look()

    told = json.loads(watched.hear('"NewStateValue": "ALARM"'))
    assert told["AlarmName"] == watched.out["AlarmOut"]
    assert "The rotation of orders/api-key is overdue or off" in told["AlarmDescription"]
    assert watched.out["SecretOut"] in told["AlarmDescription"]


def test_what_somebody_does_to_the_secret_is_told_by_its_name(watched: Watched) -> None:
    secrets, arn = watched.client("secretsmanager"), watched.out["SecretOut"]

    secrets.put_resource_policy(SecretId="orders/api-key", ResourcePolicy=json.dumps(_POLICY))
    assert f"Secret: orders/api-key, {arn}" in watched.hear("The resource policy of orders/api-key was replaced")

    secrets.delete_secret(SecretId="orders/api-key", RecoveryWindowInDays=7)
    assert f"restore-secret --region {REGION} --secret-id {arn}" in watched.hear("orders/api-key will be deleted on ")

    secrets.restore_secret(SecretId=arn)
    assert "GetSecretValue" not in watched.hear("The deletion of orders/api-key is off")


_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:DeleteResourcePolicy", "Resource": "*"}
    ],
}
