"""What vaults, and the roles that fill them, need from a key policy."""

from typing import Any

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Principal
from constructs_lib.service_access import backup

WORKER = "arn:aws:iam::111122223333:role/Worker"
THROUGH = [
    "dynamodb.eu-west-1.amazonaws.com",
    "ec2.eu-west-1.amazonaws.com",
    "elasticfilesystem.eu-west-1.amazonaws.com",
    "rds.eu-west-1.amazonaws.com",
    "redshift.eu-west-1.amazonaws.com",
    "s3.eu-west-1.amazonaws.com",
]


def test_encrypt_vault_gives_exactly_this() -> None:
    use = backup.encrypt_vault()
    assert use.statements() == ()
    assert use.creator == "backup"


def test_back_up_gives_exactly_this() -> None:
    use = backup.back_up(region="eu-west-1")
    given = [each.render() for each in use.statements([Principal.by_arn(WORKER)])]
    sids = [each.pop("Sid") for each in given]
    assert given == [
        {
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
            "Condition": {"StringEquals": {"kms:ViaService": THROUGH}},
        },
        {
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": "kms:CreateGrant",
            "Resource": "*",
            "Condition": {
                "Bool": {"kms:GrantIsForAWSResource": "true"},
                "StringEquals": {"kms:ViaService": THROUGH},
            },
        },
    ]
    assert [sid[:-6] for sid in sids] == ["Backups", "BackupsGrants"]
    assert use.creator == ""


def test_a_key_that_encrypts_tables_is_used_through_dynamodb_alone() -> None:
    use = backup.back_up(services=["dynamodb"], region="eu-west-1")

    conditions = [each.conditions["StringEquals"]["kms:ViaService"] for each in use.running]
    assert conditions == [("dynamodb.eu-west-1.amazonaws.com",)] * 2
    assert {each.sid for each in use.running}.isdisjoint(
        each.sid for each in backup.back_up(region="eu-west-1").running
    )


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"services": ["glue"]}, "services"),
        ({"services": ["s3", "s3"]}, "services"),
        ({"services": []}, "services"),
        ({"services": "s3"}, "services"),
        ({"region": "Ireland"}, "region"),
    ],
)
def test_refuses_what_is_not_backed_up(arguments: dict[str, Any], argument: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be "):
        backup.back_up(**arguments)
