"""The watch over certificates, deployed: what ACM tells, and what the function sees, reaches who is subscribed."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs

from constructs_lib import EncryptionKey
from constructs_lib.certificate_watch import CertificateWatch
from constructs_lib.watching.certificate_event import CertificateEvent
from constructs_lib.watching.notify import NewTopic
from local_aws import LocalAws
from tests.conftest import FLAGS
from tests.support.deployed_assembly import deploy_assembly
from tests.support.made_certificates import Template, made
from tests.support.session_assets import SessionAssets
from tests.support.told_certificates import told
from tests.support.told_events import ACCOUNT, REGION

pytestmark = pytest.mark.deploy


class Watched:
    """A certificate with a twentieth of its life left, and a watch over it."""

    def __init__(self, aws: LocalAws, folder: Path, session_assets: SessionAssets) -> None:
        """Import it as an administrator, and deploy the watch as the restricted execution role."""
        self.aws, now = aws, datetime.now(UTC)
        dates = {"not_before": now - timedelta(days=95), "not_after": now + timedelta(days=5)}
        leaf = made(Template.leaf("shop.example.com", **dates))
        self.files = {"Certificate": leaf.pem.encode(), "PrivateKey": leaf.key_pem().encode()}
        self.arn = self.client("acm").import_certificate(**self.files)["CertificateArn"]
        with session_assets.for_app(folder):
            assembly = _app(folder, self.arn).synth()
        self.out = deploy_assembly(aws, assembly)["Watched"]

    def client(self, service: str) -> Any:
        """Make a client of the administrator."""
        return self.aws.session().client(service)  # type: ignore[call-overload]

    def hear(self, expected: str, *, seconds: float = 10) -> str:
        """Read messages until one has an expected text, and return it; none before it may be of something else."""
        until = time.monotonic() + seconds
        heard: list[str] = []
        while time.monotonic() < until:
            for each in self.client("sqs").receive_message(QueueUrl=self.out["QueueOut"]).get("Messages", []):
                self.client("sqs").delete_message(QueueUrl=self.out["QueueOut"], ReceiptHandle=each["ReceiptHandle"])
                heard.append(each["Body"])
                if expected in heard[-1]:
                    assert len(heard) == 1, heard
                    return heard[-1]
            time.sleep(0.02)
        raise AssertionError(heard)

    def let_acm_tell(self, event: CertificateEvent, **changed: Any) -> None:
        """Have ACM tell something, which nobody may in its name."""
        found = told(event, **changed)
        put = {"Source": found["source"], "DetailType": found["detail-type"], "Detail": found["detail"]}
        self.aws.put_event_of_aws({**put, "Resources": [self.arn]})

    def look(self) -> None:
        """Invoke the function as its schedule does."""
        (target,) = self.client("events").list_targets_by_rule(Rule=self.out["ScheduleOut"])["Targets"]
        answer = self.client("lambda").invoke(FunctionName=target["Arn"], Payload=target["Input"].encode())
        assert "FunctionError" not in answer, answer["Payload"].read()


def _app(folder: Path, arn: str) -> cdk.App:
    app = cdk.App(
        outdir=str(folder),
        analytics_reporting=False,
        tree_metadata=False,
        context={**FLAGS, "@aws-cdk/core:validationReportPrettyPrint": False},
        builtin_cloud_formation_validation=False,
    )
    stack = cdk.Stack(app, "Watched", env=cdk.Environment(account=ACCOUNT, region=REGION))
    watch = CertificateWatch(
        stack,
        "Watch",
        certificates=[acm.Certificate.from_certificate_arn(stack, "Certificate", arn)],
        events=list(CertificateEvent),
        notify=NewTopic(encryption_key=EncryptionKey(stack, "News", alias="news")),
        operations_key=EncryptionKey(stack, "Operations", alias="operations"),
    )
    queue = sqs.Queue(stack, "Queue")
    assert watch.topic is not None
    watch.topic.add_subscription(subscriptions.SqsSubscription(queue, raw_message_delivery=True))
    schedule: Any = watch.node.find_child("Look")
    for name, value in {"Queue": queue.queue_url, "Schedule": schedule.ref}.items():
        cdk.CfnOutput(stack, f"{name}Out", value=value).override_logical_id(name + "Out")
    return app


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, session_assets: SessionAssets) -> Iterator[Watched]:
    with LocalAws(account=ACCOUNT, region=REGION) as aws:
        yield Watched(aws, tmp_path_factory.mktemp("watched"), session_assets)


def test_what_acm_tells_of_a_certificate_reaches_who_is_subscribed(watched: Watched) -> None:
    watched.let_acm_tell(CertificateEvent.EXPIRES_SOON, DaysToExpiry=4)
    watched.let_acm_tell(CertificateEvent.EXPIRES_SOON, DaysToExpiry=3)
    heard = watched.hear(f"{watched.arn} expires in 3 day(s)")
    assert f"aws acm describe-certificate --region {REGION} --certificate-arn {watched.arn}, and look at" in heard

    watched.let_acm_tell(CertificateEvent.RENEWAL_BLOCKED)
    assert "In use: true" in watched.hear(f"{watched.arn} cannot be renewed: CAA_ERROR")

    watched.client("acm").import_certificate(CertificateArn=watched.arn, **watched.files)
    watched.hear(f"{watched.arn} is new in ACM: REIMPORT")


def test_a_certificate_with_little_of_its_life_left_lets_its_alarm_ring(watched: Watched) -> None:
    watched.look()

    heard = json.loads(watched.hear('"NewStateValue": "ALARM"'))
    assert heard["AlarmDescription"].startswith(f"{watched.arn} has 10 % of its life left or less")


def test_the_days_that_acm_counts_let_an_alarm_ring(watched: Watched) -> None:
    of_it = [{"Name": "CertificateArn", "Value": watched.arn}]
    counted = {"MetricName": "DaysToExpiry", "Dimensions": of_it}
    watched.client("cloudwatch").put_metric_data(
        Namespace="AWS/CertificateManager", MetricData=[{**counted, "Value": 31}]
    )
    watched.client("cloudwatch").put_metric_data(
        Namespace="AWS/CertificateManager", MetricData=[{**counted, "Value": 30}]
    )

    assert "expires in 30 days or fewer" in watched.hear('"NewStateValue": "ALARM"')
