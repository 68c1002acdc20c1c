import itertools
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.iam_statement import allow

pytestmark = pytest.mark.deploy

MESSAGES = allow("sqs:SendMessage", "sqs:ReceiveMessage")
_number = itertools.count(1)


@pytest.fixture
def make_queue(aws: LocalAws) -> Callable[..., tuple[str, str]]:
    """Make a queue under a key, with a policy, and return its URL and its ARN."""

    def make(key: str, *statements: dict[str, Any]) -> tuple[str, str]:
        name = f"at-rest-{next(_number)}"
        policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        attributes = {"KmsMasterKeyId": key} | ({"Policy": policy} if statements else {})
        url = aws.session().client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        return url, f"arn:aws:sqs:{aws.region}:{aws.account}:{name}"

    return make


def test_a_message_is_sent_and_received_by_who_may_use_the_key(
    make_key: Callable[..., str], delegated: Any, make_queue: Callable[..., Any], make_client: Callable[..., Any]
) -> None:
    via = {"kms:ViaService": "sqs.eu-central-1.amazonaws.com"}
    url, arn = make_queue(make_key(delegated))
    bound = {**via, "kms:EncryptionContext:aws:sqs:arn": arn}
    sqs = make_client("sqs", MESSAGES, allow("kms:Decrypt", "kms:GenerateDataKey", **bound))

    sqs.send_message(QueueUrl=url, MessageBody="text")

    assert [each["Body"] for each in sqs.receive_message(QueueUrl=url)["Messages"]] == ["text"]


@pytest.fixture
def url(make_key: Callable[..., str], delegated: Any, make_queue: Callable[..., Any]) -> str:
    """Make a queue under a key that leaves its use to IAM, and return its URL."""
    return str(make_queue(make_key(delegated))[0])


@pytest.mark.parametrize(
    ("permission", "operation", "needed"),
    [
        (allow("kms:Decrypt"), "send_message", "kms:GenerateDataKey"),
        (allow("kms:GenerateDataKey"), "send_message", "kms:Decrypt"),
        (allow("kms:GenerateDataKey"), "receive_message", "kms:Decrypt"),
    ],
)
def test_refuses_who_may_not_use_the_key(
    url: str, make_client: Callable[..., Any], permission: Any, operation: str, needed: str
) -> None:
    sqs = make_client("sqs", MESSAGES, permission)
    body = {"MessageBody": "text"} if operation == "send_message" else {}

    with pytest.raises(ClientError, match=rf"KMS.AccessDeniedException.*not authorized to perform: {needed}"):
        getattr(sqs, operation)(QueueUrl=url, **body)


EVENTBRIDGE = {"Principal": {"Service": "events.amazonaws.com"}}


def _admitted(aws: LocalAws, rule: str, action: str | list[str]) -> dict[str, Any]:
    source = {"aws:SourceArn": f"arn:aws:events:{aws.region}:{aws.account}:rule/{rule}"}
    bound = {"Condition": {"ArnEquals": source, "StringEquals": {"aws:SourceAccount": aws.account}}}
    sent = {"Condition": {"ArnEquals": source}} if action == "sqs:SendMessage" else bound
    return {"Effect": "Allow", "Action": action, "Resource": "*", **EVENTBRIDGE, **sent}


@pytest.mark.parametrize(
    "case",
    [("rule", "rule", True), ("other", "rule", False), ("rule", "other", False)],
    ids=["both admit the rule", "the queue admits another", "the key admits another"],
)
def test_eventbridge_sends_where_queue_and_key_admit_its_rule_and_else_to_the_dead_letters(
    aws: LocalAws, make_key: Callable[..., str], make_queue: Callable[..., Any], case: tuple[str, str, bool]
) -> None:
    of_queue, of_key, is_taken = case
    number, use = next(_number), ["kms:Decrypt", "kms:GenerateDataKey"]
    sends = _admitted(aws, f"rule-{number}", "sqs:SendMessage")
    key = make_key(_admitted(aws, f"{of_key}-{number}", use))
    url, arn = make_queue(key, _admitted(aws, f"{of_queue}-{number}", "sqs:SendMessage"))
    undelivered, dead_letters = make_queue(make_key(_admitted(aws, f"rule-{number}", use)), sends)
    events = aws.session().client("events")
    events.put_rule(Name=f"rule-{number}", EventPattern=json.dumps({"source": [f"test.{number}"]}))
    target: Any = {"Id": "queue", "Arn": arn, "DeadLetterConfig": {"Arn": dead_letters}}
    events.put_targets(Rule=f"rule-{number}", Targets=[target])

    events.put_events(Entries=[{"Source": f"test.{number}", "DetailType": "Test", "Detail": "{}"}])

    there, elsewhere = (url, undelivered) if is_taken else (undelivered, url)
    assert _waiting(aws, there, 1) == 1
    assert _waiting(aws, elsewhere, 0) == 0


def _waiting(aws: LocalAws, url: str, expected: int) -> int:
    """Count the messages of a queue, which arrive within moments."""
    sqs, until = aws.session().client("sqs"), time.monotonic() + 5
    while True:
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
        number = int(found["Attributes"]["ApproximateNumberOfMessages"])
        if number >= expected or time.monotonic() > until:
            return number
        time.sleep(0.02)
