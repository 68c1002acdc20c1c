"""An account with an audit trail, its questions and a watch over one key, deployed on an embedded AWS."""

import datetime as dt
import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs

from constructs_lib import EncryptionKey, ExistingKey
from constructs_lib.audit_queries import AuditQueries
from constructs_lib.audit_trail import AuditTrail
from constructs_lib.key_watch import KeyWatch
from constructs_lib.watching.burst import Burst
from constructs_lib.watching.key_event import KeyEvent
from constructs_lib.watching.notify import NewTopic
from local_aws import LocalAws
from tests.conftest import FLAGS
from tests.support.deployed_assembly import deploy_assembly
from tests.support.told_events import ACCOUNT, POLICY_ARN, REGION, ROLE

STACK, TRAIL, AUDITOR, BURST = "Audited", "main", "auditor", 3
ELSEWHERE = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/mrk-1234abcd12ab34cd56ef1234567890ab"


class AuditedAccount:
    """The account: `key` is watched, and `hear` says what the watch told."""

    def __init__(self, aws: LocalAws, folder: Path) -> None:
        """Deploy it as the restricted execution role.

        Args:
            aws: An embedded AWS in the Region of the events that the tests have.
            folder: Where the assembly is written.
        """
        self.aws = aws
        outputs = deploy_assembly(aws, _app(folder).synth())[STACK]
        self.key, self.topic = outputs["Key"], outputs["Topic"]
        self._queue, self.bucket, self._group = outputs["Queue"], outputs["Bucket"], outputs["Group"]
        self.workgroup = outputs["Workgroup"]
        self.hear(lambda _text: False, seconds=0)

    def client(self, service: str) -> Any:
        """Make a client of the administrator."""
        session: Any = self.aws.session()
        return session.client(service)

    def hear(self, is_expected: Callable[[str], bool], *, seconds: float = 5) -> list[str]:
        """Read messages until an expected one is among them, moments at most, and return them all."""
        heard: list[str] = []
        until = time.monotonic() + seconds
        while True:
            received = self.client("sqs").receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10)
            for message in received.get("Messages", []):
                self.client("sqs").delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
                heard.append(message["Body"])
            if any(is_expected(text) for text in heard) or time.monotonic() > until:
                return heard
            time.sleep(0.01)

    def log_records(self) -> list[dict[str, Any]]:
        """Read the records in all log files, as the auditor."""
        auditor: Any = self.aws.session(self.aws.assume(f"arn:aws:iam::{self.aws.account}:role/{AUDITOR}"))
        s3 = auditor.client("s3")
        keys = [each["Key"] for each in s3.list_objects_v2(Bucket=self.bucket, Prefix="AWSLogs/")["Contents"]]
        bodies = [s3.get_object(Bucket=self.bucket, Key=key)["Body"].read() for key in keys]
        return [record for body in bodies for record in json.loads(gzip.decompress(body))["Records"]]

    def log_events(self) -> list[dict[str, Any]]:
        """Read the records in the log group."""
        found = self.client("logs").filter_log_events(logGroupName=self._group)["events"]
        return [json.loads(event["message"]) for event in found]


def _app(folder: Path) -> cdk.App:
    app = cdk.App(
        outdir=str(folder),
        analytics_reporting=False,
        tree_metadata=False,
        context={**FLAGS, "@aws-cdk/core:validationReportPrettyPrint": False},
        builtin_cloud_formation_validation=False,
    )
    stack = cdk.Stack(app, STACK, env=cdk.Environment(account=ACCOUNT, region=REGION))
    key, logs, operations, news, results = (
        EncryptionKey(stack, name, alias=name.lower()) for name in ("Orders", "Logs", "Operations", "News", "Results")
    )
    auditor = iam.Role(stack, "Auditor", role_name=AUDITOR, assumed_by=iam.AccountRootPrincipal())
    trail = AuditTrail(
        stack, "Trail", trail_name=TRAIL, encryption_key=logs, operations_key=operations, readers=[auditor]
    )
    queries = AuditQueries(stack, "Queries", trail=trail, results_key=results, since=dt.date(2026, 1, 1))
    role = iam.Role(stack, "Role", role_name=ROLE, assumed_by=iam.AccountRootPrincipal())
    told = NewTopic(encryption_key=news)
    # To a key that is made elsewhere everything may happen: it may be imported, and one of several Regions.
    keys: list[kms.IKey] = [key, ExistingKey.from_arn(stack, "Elsewhere", key_arn=ELSEWHERE)]
    watch = KeyWatch(
        stack,
        "Watch",
        keys=keys,
        trail=trail,
        notify=told,
        roles=[role],
        policies=[iam.ManagedPolicy.from_managed_policy_arn(stack, "Policy", POLICY_ARN)],
        events=list(KeyEvent),
        burst=Burst(refusals=BURST),
    )
    queue = sqs.Queue(stack, "Queue")
    assert watch.topic is not None
    watch.topic.add_subscription(subscriptions.SqsSubscription(queue, raw_message_delivery=True))
    assert trail.log_group is not None
    outputs = {
        "Key": key.key_arn,
        "Topic": watch.topic.topic_arn,
        "Queue": queue.queue_url,
        "Bucket": trail.bucket.bucket_name,
        "Group": trail.log_group.log_group_name,
        "Workgroup": queries.workgroup.name,
    }
    for name, value in outputs.items():
        cdk.CfnOutput(stack, f"{name}Output", value=value).override_logical_id(name)
    return app
