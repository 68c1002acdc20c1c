"""What sending to and receiving from a queue needs from a key policy."""

from collections.abc import Callable

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Principal
from constructs_lib.service_access import sqs
from constructs_lib.service_access.service_use import ServiceUse

WORKER = "arn:aws:iam::111122223333:role/Worker"
QUEUE = "arn:${AWS::Partition}:sqs:eu-west-1:111122223333:orders"


def test_send_gives_exactly_this() -> None:
    use = sqs.send(queue_name="orders", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "Producersc98720",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {
                "StringEquals": {
                    "kms:EncryptionContext:aws:sqs:arn": QUEUE,
                    "kms:ViaService": "sqs.eu-west-1.amazonaws.com",
                }
            },
        }
    ]
    assert use.creator == ""


def test_receive_gives_exactly_this() -> None:
    use = sqs.receive(queue_name="orders", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "Consumersc98720",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {
                "StringEquals": {
                    "kms:EncryptionContext:aws:sqs:arn": QUEUE,
                    "kms:ViaService": "sqs.eu-west-1.amazonaws.com",
                }
            },
        }
    ]
    assert use.creator == ""


@pytest.mark.parametrize(
    ("function", "arguments", "argument"),
    [
        (sqs.send, {"queue_name": "*"}, "queue_name"),
        (sqs.send, {"queue_name": ""}, "queue_name"),
        (sqs.send, {"queue_name": "a b:c"}, "queue_name"),
        (sqs.send, {"queue_name": "orders", "region": "Ireland"}, "region"),
        (sqs.send, {"queue_name": "orders", "account": "1111"}, "account"),
        (sqs.receive, {"queue_name": "*"}, "queue_name"),
        (sqs.receive, {"queue_name": ""}, "queue_name"),
        (sqs.receive, {"queue_name": "a b:c"}, "queue_name"),
        (sqs.receive, {"queue_name": "orders", "region": "Ireland"}, "region"),
        (sqs.receive, {"queue_name": "orders", "account": "1111"}, "account"),
    ],
)
def test_refuses_what_names_nothing_or_everything(
    function: Callable[..., ServiceUse], arguments: dict[str, str], argument: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be "):
        function(**arguments)
