"""What EventBridge needs from a key policy."""

from collections.abc import Callable

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.service_access import eventbridge
from constructs_lib.service_access.service_use import ServiceUse

TOPIC = "arn:${AWS::Partition}:sns:eu-west-1:111122223333:alarms"
RULE = "arn:${AWS::Partition}:events:eu-west-1:111122223333:rule/orders/on-upload"
BUS = "arn:${AWS::Partition}:events:eu-west-1:111122223333:event-bus/orders"


def test_notify_topic_gives_exactly_this() -> None:
    use = eventbridge.notify_topic(topic_name="alarms", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "RulesNotifyfbbe6a",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {"StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": TOPIC}},
        }
    ]
    assert use.creator == ""


def test_send_to_target_queue_gives_exactly_this() -> None:
    use = eventbridge.send_to_target_queue(rule_name="orders/on-upload", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "RulesSend8dc33a",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {"ArnLike": {"aws:SourceArn": RULE}, "StringEquals": {"aws:SourceAccount": "111122223333"}},
        }
    ]
    assert use.creator == ""


def test_send_dead_letters_gives_exactly_this() -> None:
    use = eventbridge.send_dead_letters(rule_name="orders/on-upload", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "RulesSend8dc33a",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {"ArnLike": {"aws:SourceArn": RULE}, "StringEquals": {"aws:SourceAccount": "111122223333"}},
        }
    ]
    assert use.creator == ""


def test_encrypt_bus_gives_exactly_this() -> None:
    use = eventbridge.encrypt_bus(bus_name="orders", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "EventBusEncrypts95d5b6",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {
                "StringEquals": {
                    "aws:SourceAccount": "111122223333",
                    "aws:SourceArn": BUS,
                    "kms:EncryptionContext:aws:events:event-bus:arn": BUS,
                }
            },
        },
        {
            "Sid": "EventBusDescribes95d5b6",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "kms:DescribeKey",
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333", "aws:SourceArn": BUS}},
        },
    ]
    assert use.creator == "events"


def test_encrypt_archive_gives_exactly_this() -> None:
    use = eventbridge.encrypt_archive(bus_name="orders", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "ArchivesEncrypt95d5b6",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
            "Resource": "*",
            "Condition": {"StringEquals": {"kms:EncryptionContext:aws:events:event-bus:arn": BUS}},
        },
        {
            "Sid": "ArchivesDescribe",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "kms:DescribeKey",
            "Resource": "*",
        },
    ]
    assert use.creator == "events"


@pytest.mark.parametrize(
    ("function", "arguments", "argument"),
    [
        (eventbridge.notify_topic, {"topic_name": "*"}, "topic_name"),
        (eventbridge.notify_topic, {"topic_name": ""}, "topic_name"),
        (eventbridge.notify_topic, {"topic_name": "a b:c"}, "topic_name"),
        (eventbridge.notify_topic, {"topic_name": "alarms", "region": "Ireland"}, "region"),
        (eventbridge.notify_topic, {"topic_name": "alarms", "account": "1111"}, "account"),
        (eventbridge.send_to_target_queue, {"rule_name": "*"}, "rule_name"),
        (eventbridge.send_to_target_queue, {"rule_name": ""}, "rule_name"),
        (eventbridge.send_to_target_queue, {"rule_name": "a b:c"}, "rule_name"),
        (eventbridge.send_to_target_queue, {"rule_name": "orders/on-upload", "region": "Ireland"}, "region"),
        (eventbridge.send_to_target_queue, {"rule_name": "orders/on-upload", "account": "1111"}, "account"),
        (eventbridge.send_dead_letters, {"rule_name": "*"}, "rule_name"),
        (eventbridge.send_dead_letters, {"rule_name": ""}, "rule_name"),
        (eventbridge.send_dead_letters, {"rule_name": "a b:c"}, "rule_name"),
        (eventbridge.send_dead_letters, {"rule_name": "orders/on-upload", "region": "Ireland"}, "region"),
        (eventbridge.send_dead_letters, {"rule_name": "orders/on-upload", "account": "1111"}, "account"),
        (eventbridge.encrypt_bus, {"bus_name": "*"}, "bus_name"),
        (eventbridge.encrypt_bus, {"bus_name": ""}, "bus_name"),
        (eventbridge.encrypt_bus, {"bus_name": "a b:c"}, "bus_name"),
        (eventbridge.encrypt_bus, {"bus_name": "orders", "region": "Ireland"}, "region"),
        (eventbridge.encrypt_bus, {"bus_name": "orders", "account": "1111"}, "account"),
        (eventbridge.encrypt_archive, {"bus_name": "*"}, "bus_name"),
        (eventbridge.encrypt_archive, {"bus_name": ""}, "bus_name"),
        (eventbridge.encrypt_archive, {"bus_name": "a b:c"}, "bus_name"),
        (eventbridge.encrypt_archive, {"bus_name": "orders", "region": "Ireland"}, "region"),
        (eventbridge.encrypt_archive, {"bus_name": "orders", "account": "1111"}, "account"),
    ],
)
def test_refuses_what_names_nothing_or_everything(
    function: Callable[..., ServiceUse], arguments: dict[str, str], argument: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be "):
        function(**arguments)
