"""What reading, writing and watching a bucket needs from a key policy."""

from collections.abc import Callable

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Principal
from constructs_lib.service_access import s3
from constructs_lib.service_access.service_use import ServiceUse

WORKER = "arn:aws:iam::111122223333:role/Worker"
TOPIC = "arn:${AWS::Partition}:sns:eu-west-1:111122223333:alarms"


def test_notify_topic_gives_exactly_this() -> None:
    use = s3.notify_topic(bucket_name="orders", topic_name="alarms", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "BucketsNotifya0c6f4",
            "Effect": "Allow",
            "Principal": {"Service": "s3.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {
                "ArnLike": {"aws:SourceArn": "arn:${AWS::Partition}:s3:::orders"},
                "StringEquals": {"aws:SourceAccount": "111122223333", "kms:EncryptionContext:aws:sns:topicArn": TOPIC},
            },
        }
    ]
    assert use.creator == ""


def test_notify_queue_gives_exactly_this() -> None:
    use = s3.notify_queue(bucket_name="orders", account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "BucketsSend62dd10",
            "Effect": "Allow",
            "Principal": {"Service": "s3.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {
                "ArnLike": {"aws:SourceArn": "arn:${AWS::Partition}:s3:::orders"},
                "StringEquals": {"aws:SourceAccount": "111122223333"},
            },
        }
    ]
    assert use.creator == ""


def test_read_gives_exactly_this() -> None:
    use = s3.read(bucket_name="orders", region="eu-west-1")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "ObjectReaders7fa326",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {
                "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"},
                "StringLike": {
                    "kms:EncryptionContext:aws:s3:arn": [
                        "arn:${AWS::Partition}:s3:::orders",
                        "arn:${AWS::Partition}:s3:::orders/*",
                    ]
                },
            },
        }
    ]
    assert use.creator == ""


def test_write_gives_exactly_this() -> None:
    use = s3.write(bucket_name="orders", region="eu-west-1")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "ObjectWriters7fa326",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": "kms:GenerateDataKey",
            "Resource": "*",
            "Condition": {
                "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"},
                "StringLike": {
                    "kms:EncryptionContext:aws:s3:arn": [
                        "arn:${AWS::Partition}:s3:::orders",
                        "arn:${AWS::Partition}:s3:::orders/*",
                    ]
                },
            },
        }
    ]
    assert use.creator == ""


def test_write_in_parts_gives_exactly_this() -> None:
    use = s3.write_in_parts(bucket_name="orders", region="eu-west-1")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "PartWriters7fa326",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {
                "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"},
                "StringLike": {
                    "kms:EncryptionContext:aws:s3:arn": [
                        "arn:${AWS::Partition}:s3:::orders",
                        "arn:${AWS::Partition}:s3:::orders/*",
                    ]
                },
            },
        }
    ]
    assert use.creator == ""


def test_write_inventory_gives_exactly_this() -> None:
    use = s3.write_inventory(bucket_name="orders", account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "Inventory62dd10",
            "Effect": "Allow",
            "Principal": {"Service": "s3.amazonaws.com"},
            "Action": "kms:GenerateDataKey",
            "Resource": "*",
            "Condition": {
                "ArnLike": {"aws:SourceArn": "arn:${AWS::Partition}:s3:::orders"},
                "StringEquals": {"aws:SourceAccount": "111122223333"},
            },
        }
    ]
    assert use.creator == ""


def test_replicate_from_gives_exactly_this() -> None:
    use = s3.replicate_from(bucket_name="orders", region="eu-west-1")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "ReplicationSource7fa326",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {
                "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"},
                "StringLike": {
                    "kms:EncryptionContext:aws:s3:arn": [
                        "arn:${AWS::Partition}:s3:::orders",
                        "arn:${AWS::Partition}:s3:::orders/*",
                    ]
                },
            },
        }
    ]
    assert use.creator == ""


def test_replicate_to_gives_exactly_this() -> None:
    use = s3.replicate_to(bucket_name="orders", region="eu-west-1")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "ReplicationTarget7fa326",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": "kms:Encrypt",
            "Resource": "*",
            "Condition": {
                "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"},
                "StringLike": {
                    "kms:EncryptionContext:aws:s3:arn": [
                        "arn:${AWS::Partition}:s3:::orders",
                        "arn:${AWS::Partition}:s3:::orders/*",
                    ]
                },
            },
        }
    ]
    assert use.creator == ""


def test_replicate_unencrypted_to_gives_exactly_this() -> None:
    use = s3.replicate_unencrypted_to(bucket_name="orders", region="eu-west-1")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "ReplicationEncrypts7fa326",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": "kms:GenerateDataKey",
            "Resource": "*",
            "Condition": {
                "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"},
                "StringLike": {
                    "kms:EncryptionContext:aws:s3:arn": [
                        "arn:${AWS::Partition}:s3:::orders",
                        "arn:${AWS::Partition}:s3:::orders/*",
                    ]
                },
            },
        }
    ]
    assert use.creator == ""


def test_replicate_to_bucket_key_gives_exactly_this() -> None:
    use = s3.replicate_to_bucket_key(bucket_name="orders", region="eu-west-1")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "ReplicationBucketKey7fa326",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": ["kms:Decrypt", "kms:Encrypt"],
            "Resource": "*",
            "Condition": {
                "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"},
                "StringLike": {
                    "kms:EncryptionContext:aws:s3:arn": [
                        "arn:${AWS::Partition}:s3:::orders",
                        "arn:${AWS::Partition}:s3:::orders/*",
                    ]
                },
            },
        }
    ]
    assert use.creator == ""


@pytest.mark.parametrize(
    ("function", "arguments", "argument"),
    [
        (s3.notify_topic, {"bucket_name": "*", "topic_name": "alarms"}, "bucket_name"),
        (s3.notify_topic, {"bucket_name": "", "topic_name": "alarms"}, "bucket_name"),
        (s3.notify_topic, {"bucket_name": "a b:c", "topic_name": "alarms"}, "bucket_name"),
        (s3.notify_topic, {"bucket_name": "orders", "topic_name": "*"}, "topic_name"),
        (s3.notify_topic, {"bucket_name": "orders", "topic_name": ""}, "topic_name"),
        (s3.notify_topic, {"bucket_name": "orders", "topic_name": "a b:c"}, "topic_name"),
        (s3.notify_topic, {"bucket_name": "orders", "topic_name": "alarms", "region": "Ireland"}, "region"),
        (s3.notify_topic, {"bucket_name": "orders", "topic_name": "alarms", "account": "1111"}, "account"),
        (s3.notify_queue, {"bucket_name": "*"}, "bucket_name"),
        (s3.notify_queue, {"bucket_name": ""}, "bucket_name"),
        (s3.notify_queue, {"bucket_name": "a b:c"}, "bucket_name"),
        (s3.notify_queue, {"bucket_name": "orders", "account": "1111"}, "account"),
        (s3.read, {"bucket_name": "*"}, "bucket_name"),
        (s3.read, {"bucket_name": ""}, "bucket_name"),
        (s3.read, {"bucket_name": "a b:c"}, "bucket_name"),
        (s3.read, {"bucket_name": "orders", "region": "Ireland"}, "region"),
        (s3.write, {"bucket_name": "*"}, "bucket_name"),
        (s3.write, {"bucket_name": ""}, "bucket_name"),
        (s3.write, {"bucket_name": "a b:c"}, "bucket_name"),
        (s3.write, {"bucket_name": "orders", "region": "Ireland"}, "region"),
        (s3.write_in_parts, {"bucket_name": "*"}, "bucket_name"),
        (s3.write_in_parts, {"bucket_name": ""}, "bucket_name"),
        (s3.write_in_parts, {"bucket_name": "a b:c"}, "bucket_name"),
        (s3.write_in_parts, {"bucket_name": "orders", "region": "Ireland"}, "region"),
        (s3.write_inventory, {"bucket_name": "*"}, "bucket_name"),
        (s3.write_inventory, {"bucket_name": ""}, "bucket_name"),
        (s3.write_inventory, {"bucket_name": "a b:c"}, "bucket_name"),
        (s3.write_inventory, {"bucket_name": "orders", "account": "1111"}, "account"),
        (s3.replicate_from, {"bucket_name": "*"}, "bucket_name"),
        (s3.replicate_from, {"bucket_name": ""}, "bucket_name"),
        (s3.replicate_from, {"bucket_name": "a b:c"}, "bucket_name"),
        (s3.replicate_from, {"bucket_name": "orders", "region": "Ireland"}, "region"),
        (s3.replicate_to, {"bucket_name": "*"}, "bucket_name"),
        (s3.replicate_to, {"bucket_name": ""}, "bucket_name"),
        (s3.replicate_to, {"bucket_name": "a b:c"}, "bucket_name"),
        (s3.replicate_to, {"bucket_name": "orders", "region": "Ireland"}, "region"),
        (s3.replicate_unencrypted_to, {"bucket_name": "*"}, "bucket_name"),
        (s3.replicate_unencrypted_to, {"bucket_name": ""}, "bucket_name"),
        (s3.replicate_unencrypted_to, {"bucket_name": "a b:c"}, "bucket_name"),
        (s3.replicate_unencrypted_to, {"bucket_name": "orders", "region": "Ireland"}, "region"),
        (s3.replicate_to_bucket_key, {"bucket_name": "*"}, "bucket_name"),
        (s3.replicate_to_bucket_key, {"bucket_name": ""}, "bucket_name"),
        (s3.replicate_to_bucket_key, {"bucket_name": "a b:c"}, "bucket_name"),
        (s3.replicate_to_bucket_key, {"bucket_name": "orders", "region": "Ireland"}, "region"),
    ],
)
def test_refuses_what_names_nothing_or_everything(
    function: Callable[..., ServiceUse], arguments: dict[str, str], argument: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be "):
        function(**arguments)
