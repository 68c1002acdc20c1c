"""What tables need from a key policy."""

from collections.abc import Callable

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Principal
from constructs_lib.service_access import dynamodb
from constructs_lib.service_access.service_use import ServiceUse

WORKER = "arn:aws:iam::111122223333:role/Worker"


def test_encrypt_table_gives_exactly_this() -> None:
    use = dynamodb.encrypt_table()
    assert use.statements() == ()
    assert use.creator == "dynamodb"


def test_use_table_gives_exactly_this() -> None:
    use = dynamodb.use_table(table_name="orders", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "TableUsers96312b",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {
                "StringEquals": {
                    "kms:EncryptionContext:aws:dynamodb:subscriberId": "111122223333",
                    "kms:EncryptionContext:aws:dynamodb:tableName": "orders",
                    "kms:ViaService": "dynamodb.eu-west-1.amazonaws.com",
                }
            },
        }
    ]
    assert use.creator == "dynamodb"


def test_replicate_table_gives_exactly_this() -> None:
    use = dynamodb.replicate_table()
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "GlobalTables",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
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
            "Condition": {"StringLike": {"kms:ViaService": "dynamodb.*.amazonaws.com"}},
        },
        {
            "Sid": "GlobalTablesGrants",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": "kms:CreateGrant",
            "Resource": "*",
            "Condition": {
                "Bool": {"kms:GrantIsForAWSResource": "true"},
                "StringLike": {"kms:ViaService": "dynamodb.*.amazonaws.com"},
            },
        },
    ]
    assert use.creator == "dynamodb"


@pytest.mark.parametrize(
    ("function", "arguments", "argument"),
    [
        (dynamodb.use_table, {"table_name": "*"}, "table_name"),
        (dynamodb.use_table, {"table_name": ""}, "table_name"),
        (dynamodb.use_table, {"table_name": "a b:c"}, "table_name"),
        (dynamodb.use_table, {"table_name": "orders", "region": "Ireland"}, "region"),
        (dynamodb.use_table, {"table_name": "orders", "account": "1111"}, "account"),
    ],
)
def test_refuses_what_names_nothing_or_everything(
    function: Callable[..., ServiceUse], arguments: dict[str, str], argument: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be "):
        function(**arguments)
