import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from local_aws import LocalAws
from tests.local_aws.server.notifications.conftest import Mail, service

pytestmark = pytest.mark.deploy

USE = ["kms:GenerateDataKey*", "kms:Decrypt"]
PUBLISH = ["sns:Publish"]
BOUND = {"StringEquals": {"aws:SourceAccount": "111122223333"}}
_number = itertools.count(1)


def send(aws: LocalAws, topic: str, dead_letters: str = "") -> str:
    """Let a new rule send an event to a topic, and return the rule's name."""
    session: Any = aws.session()
    events, name = session.client("events"), f"tells-{next(_number)}"
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))
    target = {"Id": "topic", "Arn": topic, "Input": '{"text": "news"}'}
    events.put_targets(
        Rule=name, Targets=[target | ({"DeadLetterConfig": {"Arn": dead_letters}} if dead_letters else {})]
    )
    events.put_events(Entries=[{"Source": name, "DetailType": "Test", "Detail": '{"whole": "event"}'}])
    return name


def counted(aws: LocalAws, metric: str, rule: str) -> float:
    """Read how often EventBridge counted something for a rule."""
    session: Any = aws.session()
    query = {
        "Id": "q",
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/Events",
                "MetricName": metric,
                "Dimensions": [{"Name": "RuleName", "Value": rule}],
            },
            "Period": 60,
            "Stat": "Sum",
        },
    }
    found = session.client("cloudwatch").get_metric_data(
        MetricDataQueries=[query], StartTime="2020-01-01T00:00:00Z", EndTime="2100-01-01T00:00:00Z"
    )
    return float(sum(found["MetricDataResults"][0]["Values"]))


def test_an_event_reaches_a_topic_that_admits_eventbridge_and_its_key(
    aws: LocalAws, make_key: Callable[..., str]
) -> None:
    context = {"StringLike": {"kms:EncryptionContext:aws:sns:topicArn": f"arn:aws:sns:*:{aws.account}:mail-*"}}
    mail = Mail(aws, make_key(service("events", USE, condition=context)), service("events", PUBLISH))

    rule = send(aws, mail.topic)

    assert mail.heard(1) == [{"text": "news"}]
    assert (counted(aws, "Invocations", rule), counted(aws, "FailedInvocations", rule)) == (1, 0)


@pytest.mark.parametrize(
    ("of_topic", "of_key"),
    [
        (service("cloudwatch", PUBLISH), service("events", USE)),
        (service("events", PUBLISH), service("cloudwatch", USE)),
        (service("events", PUBLISH), service("events", ["kms:Decrypt"])),
        (service("events", PUBLISH), service("events", ["kms:GenerateDataKey"])),
        (service("events", PUBLISH), service("events", USE, condition=BOUND)),
        (service("events", PUBLISH, condition=BOUND), service("events", USE)),
    ],
    ids=[
        "the topic admits another service",
        "the key admits another service",
        "the key gives no data key",
        "the key does not decrypt",
        "the key wants to know the account",
        "the topic wants to know the account",
    ],
)
def test_refuses_events_that_topic_or_key_do_not_admit_and_keeps_them_as_dead_letters(
    aws: LocalAws, make_key: Callable[..., str], of_topic: dict[str, Any], of_key: dict[str, Any]
) -> None:
    mail = Mail(aws, make_key(of_key), of_topic)
    session: Any = aws.session()
    sqs, name = session.client("sqs"), f"dead-letters-{next(_number)}"
    sends = service(
        "events", ["sqs:SendMessage"], condition={"ArnLike": {"aws:SourceArn": "arn:aws:events:*:*:rule/*"}}
    )
    policy = json.dumps({"Version": "2012-10-17", "Statement": [sends]})
    queue = sqs.create_queue(QueueName=name, Attributes={"Policy": policy})["QueueUrl"]

    rule = send(aws, mail.topic, f"arn:aws:sqs:{aws.region}:{aws.account}:{name}")

    (letter,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    assert json.loads(letter["Body"])["detail"] == {"whole": "event"}
    assert counted(aws, "FailedInvocations", rule) == 1
    assert mail.heard(0) == []


def test_refuses_a_topic_under_the_key_that_aws_manages(aws: LocalAws) -> None:
    mail = Mail(aws, "alias/aws/sns", service("events", PUBLISH))

    rule = send(aws, mail.topic)

    assert counted(aws, "FailedInvocations", rule) == 1
    assert mail.heard(0) == []
