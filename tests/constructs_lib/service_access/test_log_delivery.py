"""What the delivery of logs needs from a key policy."""

from collections.abc import Callable

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.service_access import log_delivery
from constructs_lib.service_access.service_use import ServiceUse

LOGS = "arn:${AWS::Partition}:logs:eu-west-1:111122223333:*"


def test_write_to_bucket_gives_exactly_this() -> None:
    use = log_delivery.write_to_bucket(region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "LogDeliveryWrites3b9668",
            "Effect": "Allow",
            "Principal": {"Service": "delivery.logs.amazonaws.com"},
            "Action": [
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:Encrypt",
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
            ],
            "Resource": "*",
            "Condition": {"ArnLike": {"aws:SourceArn": LOGS}, "StringEquals": {"aws:SourceAccount": "111122223333"}},
        }
    ]
    assert use.creator == ""


@pytest.mark.parametrize(
    ("function", "arguments", "argument"),
    [
        (log_delivery.write_to_bucket, {"region": "Ireland"}, "region"),
        (log_delivery.write_to_bucket, {"account": "1111"}, "account"),
    ],
)
def test_refuses_what_names_nothing_or_everything(
    function: Callable[..., ServiceUse], arguments: dict[str, str], argument: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be "):
        function(**arguments)
