"""What publishing to and delivering from a topic needs from a key policy."""

from collections.abc import Callable

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Principal
from constructs_lib.service_access import sns
from constructs_lib.service_access.service_use import ServiceUse

WORKER = "arn:aws:iam::111122223333:role/Worker"
TOPIC = "arn:${AWS::Partition}:sns:eu-west-1:111122223333:alarms"


def test_publish_gives_exactly_this() -> None:
    use = sns.publish(topic_name="alarms", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "Publishers654914",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {
                "StringEquals": {
                    "kms:EncryptionContext:aws:sns:topicArn": TOPIC,
                    "kms:ViaService": "sns.eu-west-1.amazonaws.com",
                }
            },
        }
    ]
    assert use.creator == ""


def test_deliver_to_queue_gives_exactly_this() -> None:
    use = sns.deliver_to_queue(topic_name="alarms", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "TopicsDeliver403e56",
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {"ArnLike": {"aws:SourceArn": TOPIC}},
        }
    ]
    assert use.creator == ""


def test_deliver_dead_letters_gives_exactly_this() -> None:
    use = sns.deliver_dead_letters(topic_name="alarms", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "TopicsDeliver403e56",
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {"ArnLike": {"aws:SourceArn": TOPIC}},
        }
    ]
    assert use.creator == ""


@pytest.mark.parametrize(
    ("function", "arguments", "argument"),
    [
        (sns.publish, {"topic_name": "*"}, "topic_name"),
        (sns.publish, {"topic_name": ""}, "topic_name"),
        (sns.publish, {"topic_name": "a b:c"}, "topic_name"),
        (sns.publish, {"topic_name": "alarms", "region": "Ireland"}, "region"),
        (sns.publish, {"topic_name": "alarms", "account": "1111"}, "account"),
        (sns.deliver_to_queue, {"topic_name": "*"}, "topic_name"),
        (sns.deliver_to_queue, {"topic_name": ""}, "topic_name"),
        (sns.deliver_to_queue, {"topic_name": "a b:c"}, "topic_name"),
        (sns.deliver_to_queue, {"topic_name": "alarms", "region": "Ireland"}, "region"),
        (sns.deliver_to_queue, {"topic_name": "alarms", "account": "1111"}, "account"),
        (sns.deliver_dead_letters, {"topic_name": "*"}, "topic_name"),
        (sns.deliver_dead_letters, {"topic_name": ""}, "topic_name"),
        (sns.deliver_dead_letters, {"topic_name": "a b:c"}, "topic_name"),
        (sns.deliver_dead_letters, {"topic_name": "alarms", "region": "Ireland"}, "region"),
        (sns.deliver_dead_letters, {"topic_name": "alarms", "account": "1111"}, "account"),
    ],
)
def test_refuses_what_names_nothing_or_everything(
    function: Callable[..., ServiceUse], arguments: dict[str, str], argument: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be "):
        function(**arguments)
