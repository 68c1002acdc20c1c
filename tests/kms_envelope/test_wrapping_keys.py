from typing import Any

import click
import pytest

from envelope.errors import InvalidRequest
from envelope.format.context import EncryptionContext
from envelope.format.suites import COMMITTING
from kms_envelope.wrapping_keys import keys_by_arn, keys_of_accounts
from tests.support.fake_kms import KEY_ARN, MULTI_REGION_ARN, OTHER_KEY_ARN, REPLICA_ARN
from tests.support.kms_envelope_command import FakeAws

CONTEXT = EncryptionContext.of({"tenant": "blue"})


def test_the_first_key_makes_data_keys_and_the_others_encrypt_them_too() -> None:
    aws = FakeAws()

    with keys_by_arn([KEY_ARN, OTHER_KEY_ARN], aws=aws, grant_tokens=["token"]).to_seal(
        CONTEXT, suite=COMMITTING, plaintext_bytes=None
    ) as materials:
        named = [each.provider_info.decode() for each in materials.encrypted_data_keys]

    assert named == [KEY_ARN, OTHER_KEY_ARN]
    assert [(call.operation, call.key_id, call.grant_tokens) for call in aws.fake_kms.calls] == [
        ("GenerateDataKey", KEY_ARN, ("token",)),
        ("Encrypt", OTHER_KEY_ARN, ("token",)),
    ]


def test_keys_that_are_found_decrypt_only() -> None:
    keys = keys_of_accounts(["111122223333"], partition="aws", regions=["eu-central-1"], aws=FakeAws(), grant_tokens=[])

    with pytest.raises(InvalidRequest, match="only decrypts"):
        keys.to_seal(CONTEXT, suite=COMMITTING, plaintext_bytes=None)


@pytest.mark.parametrize("arn", ["alias/orders", "1234abcd-12ab-34cd-56ef-1234567890ab", ""])
def test_refuses_what_is_not_the_arn_of_a_key(arn: str) -> None:
    with pytest.raises(click.UsageError, match=r"^--key must be the ARN of a KMS key, got "):
        keys_by_arn([arn], aws=FakeAws(), grant_tokens=[])


@pytest.mark.parametrize("arns", [[KEY_ARN, OTHER_KEY_ARN, KEY_ARN], [MULTI_REGION_ARN, REPLICA_ARN]])
def test_refuses_a_key_that_is_named_twice(arns: list[str]) -> None:
    with pytest.raises(click.UsageError, match=rf"^--key must be another key each time, got {arns[0]} and {arns[-1]}$"):
        keys_by_arn(arns, aws=FakeAws(), grant_tokens=[])


def test_refuses_more_keys_than_a_message_can_have() -> None:
    arns = [f"{KEY_ARN[:-1]}{number}" for number in range(6)]

    keys_by_arn(arns[:5], aws=FakeAws(), grant_tokens=[])
    with pytest.raises(click.UsageError, match=r"^--key must be given at most 5 times, got 6 keys$"):
        keys_by_arn(arns, aws=FakeAws(), grant_tokens=[])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"accounts": ["111122223333", "one"]},
            "--discover-account must be the twelve digits of an account, got 'one'",
        ),
        ({"accounts": ["111122223333:"]}, "--discover-account must be the twelve digits of an account, got "),
        ({"regions": ["eu-central-1", "EU"]}, "--discover-region must be a Region such as eu-central-1, got 'EU'"),
        ({"regions": [""]}, "--discover-region must be a Region such as eu-central-1, got ''"),
        ({"partition": "azure"}, "--discover-partition must be aws or a partition like it, got 'azure'"),
    ],
)
def test_refuses_what_no_key_can_have(change: dict[str, Any], said: str) -> None:
    named: dict[str, Any] = {"accounts": ["111122223333"], "partition": "aws", "regions": ["eu-central-1"], **change}

    with pytest.raises(click.UsageError, match=f"^{said}"):
        keys_of_accounts(named.pop("accounts"), **named, aws=FakeAws(), grant_tokens=[])


def test_refuses_to_look_for_keys_wherever_a_message_says() -> None:
    with pytest.raises(click.UsageError, match="--discover-region must be given with --discover-account, got none"):
        keys_of_accounts(["111122223333"], partition="aws", regions=[], aws=FakeAws(), grant_tokens=[])
