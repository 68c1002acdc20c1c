"""What reading and writing a secret needs from a key policy."""

from collections.abc import Callable

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Principal
from constructs_lib.service_access import secrets_manager
from constructs_lib.service_access.service_use import ServiceUse

WORKER = "arn:aws:iam::111122223333:role/Worker"
SECRET = "arn:${AWS::Partition}:secretsmanager:eu-west-1:111122223333:secret:orders-??????"


def test_read_secret_gives_exactly_this() -> None:
    use = secrets_manager.read_secret(secret_name="orders", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "SecretReadersc02f6a",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {
                "StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"},
                "StringLike": {"kms:EncryptionContext:SecretARN": SECRET},
            },
        }
    ]
    assert use.creator == "secretsmanager"


def test_write_secret_gives_exactly_this() -> None:
    use = secrets_manager.write_secret(secret_name="orders", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "SecretWritersc02f6a",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {
                "StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"},
                "StringLike": {"kms:EncryptionContext:SecretARN": SECRET},
            },
        }
    ]
    assert use.creator == "secretsmanager"


def test_update_secret_gives_exactly_this() -> None:
    use = secrets_manager.update_secret(secret_name="orders", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "SecretUpdatersc02f6a",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {
                "StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"},
                "StringLike": {"kms:EncryptionContext:SecretARN": SECRET},
            },
        }
    ]
    assert use.creator == "secretsmanager"


def test_read_secret_from_another_account_gives_exactly_this() -> None:
    use = secrets_manager.read_secret_from_another_account(
        secret_name="orders", region="eu-west-1", account="111122223333"
    )
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "ForeignSecretReadersc02f6a",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {
                "StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"},
                "StringLike": {"kms:EncryptionContext:SecretARN": SECRET},
            },
        },
        {
            "Sid": "ForeignSecretLookups9bdb9d",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": "kms:DescribeKey",
            "Resource": "*",
            "Condition": {"StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}},
        },
    ]
    assert use.creator == "secretsmanager"


@pytest.mark.parametrize(
    ("function", "arguments", "argument"),
    [
        (secrets_manager.read_secret, {"secret_name": "*"}, "secret_name"),
        (secrets_manager.read_secret, {"secret_name": ""}, "secret_name"),
        (secrets_manager.read_secret, {"secret_name": "a b:c"}, "secret_name"),
        (secrets_manager.read_secret, {"secret_name": "orders", "region": "Ireland"}, "region"),
        (secrets_manager.read_secret, {"secret_name": "orders", "account": "1111"}, "account"),
        (secrets_manager.write_secret, {"secret_name": "*"}, "secret_name"),
        (secrets_manager.write_secret, {"secret_name": ""}, "secret_name"),
        (secrets_manager.write_secret, {"secret_name": "a b:c"}, "secret_name"),
        (secrets_manager.write_secret, {"secret_name": "orders", "region": "Ireland"}, "region"),
        (secrets_manager.write_secret, {"secret_name": "orders", "account": "1111"}, "account"),
        (secrets_manager.update_secret, {"secret_name": "*"}, "secret_name"),
        (secrets_manager.update_secret, {"secret_name": ""}, "secret_name"),
        (secrets_manager.update_secret, {"secret_name": "a b:c"}, "secret_name"),
        (secrets_manager.update_secret, {"secret_name": "orders", "region": "Ireland"}, "region"),
        (secrets_manager.update_secret, {"secret_name": "orders", "account": "1111"}, "account"),
        (secrets_manager.read_secret_from_another_account, {"secret_name": "*"}, "secret_name"),
        (secrets_manager.read_secret_from_another_account, {"secret_name": ""}, "secret_name"),
        (secrets_manager.read_secret_from_another_account, {"secret_name": "a b:c"}, "secret_name"),
        (secrets_manager.read_secret_from_another_account, {"secret_name": "orders", "region": "Ireland"}, "region"),
        (secrets_manager.read_secret_from_another_account, {"secret_name": "orders", "account": "1111"}, "account"),
    ],
)
def test_refuses_what_names_nothing_or_everything(
    function: Callable[..., ServiceUse], arguments: dict[str, str], argument: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be "):
        function(**arguments)
