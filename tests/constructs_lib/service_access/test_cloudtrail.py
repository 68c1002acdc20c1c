"""What CloudTrail needs from a key policy."""

from collections.abc import Callable

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Principal
from constructs_lib.service_access import cloudtrail
from constructs_lib.service_access.service_use import ServiceUse

WORKER = "arn:aws:iam::111122223333:role/Worker"
TRAILS = "arn:${AWS::Partition}:cloudtrail:*:111122223333:trail/*"
TRAIL = "arn:${AWS::Partition}:cloudtrail:eu-west-1:111122223333:trail/main"
TOPIC = "arn:${AWS::Partition}:sns:eu-west-1:111122223333:trails"


def test_write_logs_gives_exactly_this() -> None:
    use = cloudtrail.write_logs(trail_name="main", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "CloudTrailWrites8f921b",
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "kms:GenerateDataKey",
            "Resource": "*",
            "Condition": {
                "StringEquals": {"aws:SourceArn": TRAIL},
                "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": TRAILS},
            },
        },
        {
            "Sid": "CloudTrailDescribes8f921b",
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "kms:DescribeKey",
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceArn": TRAIL}},
        },
    ]
    assert use.creator == ""


def test_write_logs_with_bucket_key_gives_exactly_this() -> None:
    use = cloudtrail.write_logs_with_bucket_key(trail_name="main", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "CloudTrailBucketKey8f921b",
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceArn": TRAIL}},
        },
        {
            "Sid": "CloudTrailDescribes8f921b",
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "kms:DescribeKey",
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceArn": TRAIL}},
        },
    ]
    assert use.creator == ""


def test_read_logs_gives_exactly_this() -> None:
    use = cloudtrail.read_logs()
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "CloudTrailReaders",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}},
        }
    ]
    assert use.creator == ""


def test_read_logs_with_bucket_key_gives_exactly_this() -> None:
    use = cloudtrail.read_logs_with_bucket_key(bucket_name="logs", region="eu-west-1")
    bucket = "arn:${AWS::Partition}:s3:::logs"
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "CloudTrailReaders",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {"Null": {"kms:EncryptionContext:aws:cloudtrail:arn": "false"}},
        },
        {
            "Sid": "ObjectReaders353283",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {
                "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"},
                "StringLike": {"kms:EncryptionContext:aws:s3:arn": [bucket, f"{bucket}/*"]},
            },
        },
    ]
    assert use.creator == ""


def test_notify_topic_gives_exactly_this() -> None:
    use = cloudtrail.notify_topic(topic_name="trails", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "CloudTrailNotifiesd41c04",
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {"StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": TOPIC}},
        }
    ]
    assert use.creator == ""


def test_store_events_gives_exactly_this() -> None:
    use = cloudtrail.store_events()
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "CloudTrailStoresEvents",
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
        }
    ]
    assert use.creator == "cloudtrail"


def test_query_events_gives_exactly_this() -> None:
    use = cloudtrail.query_events()
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "CloudTrailEventQueries",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
        }
    ]
    assert use.creator == ""


@pytest.mark.parametrize(
    ("function", "arguments", "argument"),
    [
        (cloudtrail.write_logs, {"trail_name": "*"}, "trail_name"),
        (cloudtrail.write_logs, {"trail_name": ""}, "trail_name"),
        (cloudtrail.write_logs, {"trail_name": "a b:c"}, "trail_name"),
        (cloudtrail.write_logs, {"trail_name": "main", "region": "Ireland"}, "region"),
        (cloudtrail.write_logs, {"trail_name": "main", "account": "1111"}, "account"),
        (cloudtrail.read_logs_with_bucket_key, {"bucket_name": ""}, "bucket_name"),
        (cloudtrail.read_logs_with_bucket_key, {"bucket_name": "a b:c"}, "bucket_name"),
        (cloudtrail.read_logs_with_bucket_key, {"bucket_name": "logs", "region": "Ireland"}, "region"),
        (cloudtrail.write_logs_with_bucket_key, {"trail_name": "*"}, "trail_name"),
        (cloudtrail.write_logs_with_bucket_key, {"trail_name": ""}, "trail_name"),
        (cloudtrail.write_logs_with_bucket_key, {"trail_name": "a b:c"}, "trail_name"),
        (cloudtrail.write_logs_with_bucket_key, {"trail_name": "main", "region": "Ireland"}, "region"),
        (cloudtrail.write_logs_with_bucket_key, {"trail_name": "main", "account": "1111"}, "account"),
        (cloudtrail.notify_topic, {"topic_name": "*"}, "topic_name"),
        (cloudtrail.notify_topic, {"topic_name": ""}, "topic_name"),
        (cloudtrail.notify_topic, {"topic_name": "a b:c"}, "topic_name"),
        (cloudtrail.notify_topic, {"topic_name": "trails", "region": "Ireland"}, "region"),
        (cloudtrail.notify_topic, {"topic_name": "trails", "account": "1111"}, "account"),
    ],
)
def test_refuses_what_names_nothing_or_everything(
    function: Callable[..., ServiceUse], arguments: dict[str, str], argument: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be "):
        function(**arguments)
