from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.listening import Listening
from tests.support.trail_scene import TrailScene

pytestmark = pytest.mark.deploy


@pytest.fixture
def logging(scene: TrailScene) -> TrailScene:
    """Let a trail of every Region log."""
    scene.make_bucket()
    scene.make_trail(IsMultiRegionTrail=True)
    return scene


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
    aws.put_event_of_aws({**entry, "Detail": {"key-id": "real"}, "Resources": ["arn:aws:kms:::key/real"]})

    assert refused["Entries"][0]["ErrorCode"] == "NotAuthorizedForSourceException"
    (event,) = heard.hear(1)
    assert (event["detail"], event["resources"]) == ({"key-id": "real"}, ["arn:aws:kms:::key/real"])
