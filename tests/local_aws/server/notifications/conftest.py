"""Keys, topics and queues of one test, and who hears what."""

import itertools
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from local_aws import LocalAws

_number = itertools.count(1)


def service(name: str, actions: list[str], *, condition: dict[str, Any] | None = None) -> dict[str, Any]:
    """Allow actions to a service."""
    found = {"Effect": "Allow", "Principal": {"Service": f"{name}.amazonaws.com"}, "Action": actions, "Resource": "*"}
    return found | ({"Condition": condition} if condition else {})


class Mail:
    """A topic, and a queue that hears what it says."""

    def __init__(self, aws: LocalAws, key: str, *statements: dict[str, Any], queue_key: str = "") -> None:
        session: Any = aws.session()
        self.name = f"mail-{next(_number)}"
        self._sns, self._sqs = session.client("sns"), session.client("sqs")
        policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        attributes = {"Policy": policy} | ({"KmsMasterKeyId": key} if key else {})
        self.topic = self._sns.create_topic(Name=self.name, Attributes=attributes)["TopicArn"]
        sends = service("sns", ["sqs:SendMessage"], condition={"ArnEquals": {"aws:SourceArn": self.topic}})
        queue_policy = json.dumps({"Version": "2012-10-17", "Statement": [sends]})
        options = {"Policy": queue_policy} | ({"KmsMasterKeyId": queue_key} if queue_key else {})
        self._queue = self._sqs.create_queue(QueueName=self.name, Attributes=options)["QueueUrl"]
        arn = f"arn:aws:sqs:{aws.region}:{aws.account}:{self.name}"
        self._sns.subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=arn)

    def heard(self, number: int) -> list[Any]:
        """Wait for so many messages, moments at most; of more than that, and of none, see what is there."""
        found: list[Any] = []
        until = time.monotonic() + 3
        while True:
            received = self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages", [])
            found += [json.loads(json.loads(each["Body"])["Message"]) for each in received]
            if len(found) >= number or time.monotonic() > until:
                return found
            time.sleep(0.01)


@pytest.fixture
def make_key(aws: LocalAws, make_key_policy: Callable[..., dict[str, Any]]) -> Callable[..., str]:
    """Make a key with further statements and return its ARN."""

    def make(*statements: dict[str, Any]) -> str:
        session: Any = aws.session()
        policy = json.dumps(make_key_policy(*statements))
        created = session.client("kms").create_key(Policy=policy, BypassPolicyLockoutSafetyCheck=True)
        return str(created["KeyMetadata"]["Arn"])

    return make
