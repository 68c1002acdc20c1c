import click
import pytest

from envelope.errors import InvalidRequest
from envelope.format.context import EncryptionContext
from envelope.format.suites import COMMITTING
from kms_envelope.wrapping_keys import keys_by_arn, keys_of_accounts
from tests.support.fake_kms import KEY_ARN, OTHER_KEY_ARN
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
    with pytest.raises(click.UsageError, match="must be the ARN of a KMS key"):
        keys_by_arn([arn], aws=FakeAws(), grant_tokens=[])


def test_refuses_what_is_no_account() -> None:
    with pytest.raises(click.UsageError, match="twelve digits"):
        keys_of_accounts(["one"], partition="aws", regions=["eu-central-1"], aws=FakeAws(), grant_tokens=[])


def test_refuses_to_look_for_keys_wherever_a_message_says() -> None:
    with pytest.raises(click.UsageError, match="--discover-region must be given with --discover-account, got none"):
        keys_of_accounts(["111122223333"], partition="aws", regions=[], aws=FakeAws(), grant_tokens=[])
