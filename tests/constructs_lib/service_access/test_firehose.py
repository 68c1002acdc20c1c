"""What a delivery stream needs from a key policy."""

from collections.abc import Callable

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Principal
from constructs_lib.service_access import firehose
from constructs_lib.service_access.service_use import ServiceUse

WORKER = "arn:aws:iam::111122223333:role/Worker"


def test_deliver_to_bucket_gives_exactly_this() -> None:
    use = firehose.deliver_to_bucket(bucket_name="orders", prefix="logs/", region="eu-west-1")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "Deliveriesc22c23",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {
                "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"},
                "StringLike": {"kms:EncryptionContext:aws:s3:arn": "arn:${AWS::Partition}:s3:::orders/logs/*"},
            },
        }
    ]
    assert use.creator == ""


def test_encrypt_stream_gives_exactly_this() -> None:
    use = firehose.encrypt_stream()
    assert use.statements() == ()
    assert use.creator == "firehose"


@pytest.mark.parametrize(
    ("function", "arguments", "argument"),
    [
        (firehose.deliver_to_bucket, {"bucket_name": "*", "prefix": "logs/"}, "bucket_name"),
        (firehose.deliver_to_bucket, {"bucket_name": "", "prefix": "logs/"}, "bucket_name"),
        (firehose.deliver_to_bucket, {"bucket_name": "a b:c", "prefix": "logs/"}, "bucket_name"),
        (firehose.deliver_to_bucket, {"bucket_name": "orders", "prefix": "logs/*"}, "prefix"),
        (firehose.deliver_to_bucket, {"bucket_name": "orders", "prefix": "logs/", "region": "Ireland"}, "region"),
    ],
)
def test_refuses_what_names_nothing_or_everything(
    function: Callable[..., ServiceUse], arguments: dict[str, str], argument: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be "):
        function(**arguments)
