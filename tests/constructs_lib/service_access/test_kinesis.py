"""What writing to and reading a stream needs from a key policy."""

from collections.abc import Callable

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Principal
from constructs_lib.service_access import kinesis
from constructs_lib.service_access.service_use import ServiceUse

WORKER = "arn:aws:iam::111122223333:role/Worker"
STREAM = "arn:${AWS::Partition}:kinesis:eu-west-1:111122223333:stream/orders"


def test_put_records_gives_exactly_this() -> None:
    use = kinesis.put_records(stream_name="orders", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "StreamWriters4f6b11",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": "kms:GenerateDataKey",
            "Resource": "*",
            "Condition": {
                "StringEquals": {
                    "kms:EncryptionContext:aws:kinesis:arn": STREAM,
                    "kms:ViaService": "kinesis.eu-west-1.amazonaws.com",
                }
            },
        }
    ]
    assert use.creator == ""


def test_get_records_gives_exactly_this() -> None:
    use = kinesis.get_records(stream_name="orders", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "StreamReaders4f6b11",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {
                "StringEquals": {
                    "kms:EncryptionContext:aws:kinesis:arn": STREAM,
                    "kms:ViaService": "kinesis.eu-west-1.amazonaws.com",
                }
            },
        }
    ]
    assert use.creator == ""


@pytest.mark.parametrize(
    ("function", "arguments", "argument"),
    [
        (kinesis.put_records, {"stream_name": "*"}, "stream_name"),
        (kinesis.put_records, {"stream_name": ""}, "stream_name"),
        (kinesis.put_records, {"stream_name": "a b:c"}, "stream_name"),
        (kinesis.put_records, {"stream_name": "orders", "region": "Ireland"}, "region"),
        (kinesis.put_records, {"stream_name": "orders", "account": "1111"}, "account"),
        (kinesis.get_records, {"stream_name": "*"}, "stream_name"),
        (kinesis.get_records, {"stream_name": ""}, "stream_name"),
        (kinesis.get_records, {"stream_name": "a b:c"}, "stream_name"),
        (kinesis.get_records, {"stream_name": "orders", "region": "Ireland"}, "region"),
        (kinesis.get_records, {"stream_name": "orders", "account": "1111"}, "account"),
    ],
)
def test_refuses_what_names_nothing_or_everything(
    function: Callable[..., ServiceUse], arguments: dict[str, str], argument: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be "):
        function(**arguments)
