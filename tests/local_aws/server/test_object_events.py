import json
import time
from typing import Any

import pytest

from local_aws import LocalAws

pytestmark = pytest.mark.deploy


def test_an_object_created_event_has_the_form_that_s3_documents(aws: LocalAws) -> None:
    session: Any = aws.session()
    s3, sqs, events = session.client("s3"), session.client("sqs"), session.client("events")
    rule = events.put_rule(Name="created", EventPattern=json.dumps({"source": ["aws.s3"]}))["RuleArn"]
    arn = f"arn:aws:sqs:{aws.region}:{aws.account}:created"
    sends: dict[str, Any] = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": arn}
    sends |= {"Principal": {"Service": "events.amazonaws.com"}, "Condition": {"ArnEquals": {"aws:SourceArn": rule}}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [sends]})
    queue = sqs.create_queue(QueueName="created", Attributes={"Policy": policy})["QueueUrl"]
    events.put_targets(Rule="created", Targets=[{"Id": "queue", "Arn": arn}])
    s3.create_bucket(Bucket="with-versions", CreateBucketConfiguration={"LocationConstraint": aws.region})
    s3.put_bucket_versioning(Bucket="with-versions", VersioningConfiguration={"Status": "Enabled"})
    configuration: Any = {"EventBridgeConfiguration": {}}
    s3.put_bucket_notification_configuration(Bucket="with-versions", NotificationConfiguration=configuration)

    put = s3.put_object(Bucket="with-versions", Key="a folder/ä", Body=b"data")

    event = _received(sqs, queue)
    sequencer = event["detail"]["object"].pop("sequencer")
    assert int(sequencer, 16) > 0
    assert {key: event[key] for key in ("version", "source", "detail-type", "account", "region", "resources")} == {
        "version": "0",
        "source": "aws.s3",
        "detail-type": "Object Created",
        "account": aws.account,
        "region": aws.region,
        "resources": ["arn:aws:s3:::with-versions"],
    }
    assert event["detail"] | {"request-id": "", "event-version": ""} == {
        "version": "0",
        "event-version": "",
        "bucket": {"name": "with-versions"},
        "object": {
            "key": "a folder/ä",
            "size": 4,
            "etag": put["ETag"].strip('"'),
            "version-id": put["VersionId"],
        },
        "request-id": "",
        "requester": aws.account,
        "source-ip-address": "127.0.0.1",
        "reason": "PutObject",
    }


def _received(sqs: Any, queue: str) -> Any:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        for message in sqs.receive_message(QueueUrl=queue).get("Messages", []):
            return json.loads(message["Body"])
        time.sleep(0.02)
    return None
