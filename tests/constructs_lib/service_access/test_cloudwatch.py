"""What the alarms of CloudWatch need from a key policy."""

from collections.abc import Callable

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.service_access import cloudwatch
from constructs_lib.service_access.service_use import ServiceUse

TOPIC = "arn:${AWS::Partition}:sns:eu-west-1:111122223333:alarms"


def test_notify_topic_gives_exactly_this() -> None:
    use = cloudwatch.notify_topic(topic_name="alarms", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "AlarmsNotifyefc190",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": "111122223333", "kms:EncryptionContext:aws:sns:topicArn": TOPIC}
            },
        }
    ]
    assert use.creator == ""


@pytest.mark.parametrize(
    ("function", "arguments", "argument"),
    [
        (cloudwatch.notify_topic, {"topic_name": "*"}, "topic_name"),
        (cloudwatch.notify_topic, {"topic_name": ""}, "topic_name"),
        (cloudwatch.notify_topic, {"topic_name": "a b:c"}, "topic_name"),
        (cloudwatch.notify_topic, {"topic_name": "alarms", "region": "Ireland"}, "region"),
        (cloudwatch.notify_topic, {"topic_name": "alarms", "account": "1111"}, "account"),
    ],
)
def test_refuses_what_names_nothing_or_everything(
    function: Callable[..., ServiceUse], arguments: dict[str, str], argument: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be "):
        function(**arguments)


def test_without_a_name_every_topic_of_the_account_is_meant() -> None:
    [statement] = cloudwatch.notify_topic(region="eu-west-1", account="111122223333").statements()

    assert statement.conditions["StringLike"] == {
        "kms:EncryptionContext:aws:sns:topicArn": ("arn:${AWS::Partition}:sns:eu-west-1:111122223333:*",)
    }
