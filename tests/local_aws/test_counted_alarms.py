"""Deployed, the alarms count real records in the log group, and the last of a burst reaches who is subscribed."""

import json
import time
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs

from constructs_lib import EncryptionKey
from constructs_lib.watching.burst import Burst
from constructs_lib.watching.counted import count_refusals_and_misuse
from constructs_lib.watching.itself_counted import Itself
from constructs_lib.watching.notify import NewTopic
from constructs_lib.watching.outlet import open_outlet
from local_aws import LocalAws
from tests.support.recorded_events import record
from tests.support.stack_operation import StackOperation
from tests.support.synthesised import template_of

pytestmark = pytest.mark.deploy
GROUP, QUEUE = "counted-alarms", "counted-alarms-news"
REFUSED = record("failed/Decrypt-IncorrectKeyException", errorCode="AccessDenied")


@pytest.fixture(scope="module")
def deployed(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> LocalAws:
    app = cdk.App(outdir=str(tmp_path_factory.mktemp("cdk.out")), builtin_cloud_formation_validation=False)
    stack = cdk.Stack(app, "CountedAlarms", env=cdk.Environment(account=aws.account, region=aws.region))
    group = logs.LogGroup(stack, "Copy", log_group_name=GROUP)
    logs.LogStream(stack, "Stream", log_group=group, log_stream_name="stream")
    outlet = open_outlet(stack, NewTopic(encryption_key=EncryptionKey(stack, "NewsKey", services=["sns"])))
    assert outlet.topic is not None
    outlet.topic.add_subscription(subscriptions.SqsSubscription(sqs.Queue(stack, "News", queue_name=QUEUE)))
    role = iam.Role(stack, "Reader", assumed_by=iam.AccountPrincipal(aws.account))
    itself = Itself(
        prefix="CountedAlarms-",
        queue_url=outlet.queue.queue_url,
        log_group_name=GROUP,
        topic_arn=outlet.topic.topic_arn,
    )
    count_refusals_and_misuse(
        stack, log_group=group, outlet=outlet, roles=[role], itself=itself, burst=Burst(refusals=3)
    )

    outcome = StackOperation(aws.session()).create(template_of(stack)["Resources"], name="CountedAlarms")

    assert (outcome.status, outcome.failures) == ("CREATE_COMPLETE", ())
    return aws


def write(aws: LocalAws, *records: dict[str, Any]) -> None:
    client: Any = aws.session().client("logs")
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": json.dumps(each)} for each in records]
    client.put_log_events(logGroupName=GROUP, logStreamName="stream", logEvents=events)


def state(aws: LocalAws, kind: str) -> str:
    client: Any = aws.session().client("cloudwatch")
    (alarm,) = client.describe_alarms(AlarmNames=[f"CountedAlarms-{kind}"])["MetricAlarms"]
    return str(alarm["StateValue"])


def news(aws: LocalAws) -> list[dict[str, Any]]:
    client: Any = aws.session().client("sqs")
    url = client.get_queue_url(QueueName=QUEUE)["QueueUrl"]
    found = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for each in found:
        client.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return [json.loads(json.loads(each["Body"])["Message"]) for each in found]


def test_the_last_refusal_of_a_burst_is_told_and_the_others_are_not(deployed: LocalAws) -> None:
    write(deployed, REFUSED, REFUSED, record("Decrypt"))
    assert state(deployed, "RefusedUseOfKeys") == "OK"
    assert news(deployed) == []

    write(deployed, REFUSED)

    assert state(deployed, "RefusedUseOfKeys") == "ALARM"
    (told,) = news(deployed)
    assert told["AlarmName"] == "CountedAlarms-RefusedUseOfKeys"
    assert told["AlarmDescription"].startswith("KMS refused 3 requests or more within 5 minutes")
    assert f"--log-group-name {GROUP} " in told["AlarmDescription"]


def test_a_change_of_a_role_is_told_by_the_name_that_it_got(deployed: LocalAws) -> None:
    client: Any = deployed.session().client("cloudformation")
    found = client.describe_stack_resources(StackName="CountedAlarms")["StackResources"]
    (name,) = (each["PhysicalResourceId"] for each in found if each["ResourceType"] == "AWS::IAM::Role")
    write(deployed, record("UpdateAssumeRolePolicy"))
    assert state(deployed, "ChangesOfWatchedRoles") == "OK"

    write(deployed, record("UpdateAssumeRolePolicy", requestParameters={"roleName": name}))

    assert state(deployed, "ChangesOfWatchedRoles") == "ALARM"
    assert [each["AlarmName"] for each in news(deployed)] == ["CountedAlarms-ChangesOfWatchedRoles"]
