"""A queue that hears of events."""

import json
import time
from typing import Any

from local_aws import LocalAws


class Listening:
    """A queue that hears of everything on the default bus of one Region that a pattern describes."""

    def __init__(self, aws: LocalAws, name: str, pattern: dict[str, Any], region: str) -> None:
        """Make a rule and a queue of a name.

        Args:
            aws: Where.
            name: The name of both.
            pattern: What it hears of.
            region: On whose bus.
        """
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
