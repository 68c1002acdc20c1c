import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.trail_scene import TrailScene

pytestmark = pytest.mark.deploy


class Listening:
    """A queue that hears of everything on the default bus of one Region that a pattern describes."""

    def __init__(self, aws: LocalAws, name: str, pattern: dict[str, Any], region: str) -> None:
        session: Any = aws.session()
        self._sqs, events = session.client("sqs", region_name=region), session.client("events", region_name=region)
        rule = events.put_rule(Name=name, EventPattern=json.dumps(pattern))["RuleArn"]
        arn = f"arn:aws:sqs:{region}:{aws.account}:{name}"
        sends = {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [sends]})
        self._queue = self._sqs.create_queue(QueueName=name, Attributes={"Policy": policy})["QueueUrl"]
        events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])

    def hear(self, number: int) -> list[Any]:
        """Wait for so many events, moments at most."""
        found: list[Any] = []
        until = time.monotonic() + 5
        while len(found) < number and time.monotonic() < until:
            received = self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages", [])
            found += [json.loads(each["Body"]) for each in received]
            time.sleep(0.01)
        return found


@pytest.fixture
def logging(scene: TrailScene) -> Iterator[TrailScene]:
    """Let a trail of every Region log."""
    scene.make_bucket()
    scene.make_trail(IsMultiRegionTrail=True)
    yield scene


def test_a_rule_hears_of_calls_that_change_something_while_a_trail_logs(aws: LocalAws, logging: TrailScene) -> None:
    kms, trails = logging.client("kms"), logging.client("cloudtrail")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    pattern = {"source": ["aws.kms"], "detail": {"requestParameters": {"keyId": [key]}}}
    heard = Listening(aws, f"hears-{logging.name}", pattern, aws.region)

    kms.disable_key(KeyId=key)
    kms.describe_key(KeyId=key)
    trails.stop_logging(Name=logging.name)
    kms.enable_key(KeyId=key)
    trails.start_logging(Name=logging.name)
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)

    events = heard.hear(2)
    assert [each["detail"]["eventName"] for each in events] == ["DisableKey", "ScheduleKeyDeletion"]
    assert {each["detail-type"] for each in events} == {"AWS API Call via CloudTrail"}
    assert events[1]["detail"]["responseElements"]["keyState"] == "PendingDeletion"


def test_calls_of_iam_are_heard_of_in_one_region_only(aws: LocalAws, logging: TrailScene) -> None:
    pattern = {"source": ["aws.iam"], "detail": {"requestParameters": {"userName": [logging.name]}}}
    there = Listening(aws, f"there-{logging.name}", pattern, "us-east-1")
    here = Listening(aws, f"here-{logging.name}", {"source": ["aws.iam", "test"]}, aws.region)

    logging.client("iam").create_user(UserName=logging.name)
    logging.client("iam").delete_user(UserName=logging.name)
    aws.session().client("events").put_events(Entries=[{"Source": "test", "DetailType": "End", "Detail": "{}"}])

    assert [each["detail"]["eventName"] for each in there.hear(2)] == ["CreateUser", "DeleteUser"]
    assert [each["detail-type"] for each in here.hear(1)] == ["End"]


def test_aws_alone_speaks_in_its_own_name(aws: LocalAws, scene: TrailScene) -> None:
    heard = Listening(aws, f"hears-{scene.name}", {"source": ["aws.kms"]}, aws.region)
    entry: Any = {"Source": "aws.kms", "DetailType": "KMS CMK Rotation", "Detail": '{"key-id": "forged"}'}

    refused = aws.session().client("events").put_events(Entries=[entry])
    aws.put_event_of_aws("aws.kms", "KMS CMK Rotation", {"key-id": "real"})

    assert refused["Entries"][0]["ErrorCode"] == "NotAuthorizedForSourceException"
    assert [each["detail"] for each in heard.hear(1)] == [{"key-id": "real"}]
