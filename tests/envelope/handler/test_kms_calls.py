import pytest

from envelope.errors import KeyUnavailable, NotReached
from envelope.format.context import EncryptionContext
from envelope.handler.kms_calls import KmsCalls
from envelope.keys.kms_keyring import KmsKeyring
from tests.support.fake_kms import FAR_KEY_ARN, KEY_ARN, FakeKms, FakeRegions, client_error

CONTEXT = EncryptionContext.of({"a": "b"})


def test_calls_in_all_regions_are_counted_together() -> None:
    regions = FakeRegions()
    calls = KmsCalls(regions)
    keyring = KmsKeyring(calls, key_arn=KEY_ARN, further_key_arns=[FAR_KEY_ARN])

    _, encrypted = keyring.generate_data_key(CONTEXT)
    assert calls.count == 2
    keyring.decrypt_data_key(encrypted, CONTEXT, key_bytes=32)

    assert calls.count == 3
    assert regions.operations == ["eu-central-1: GenerateDataKey", "eu-central-1: Decrypt", "us-west-2: Encrypt"]


def test_calls_are_rationed_within_the_block_and_only_there() -> None:
    kms = FakeKms(failures=[client_error("ThrottlingException")])
    calls = KmsCalls(kms)
    keyring = KmsKeyring(calls, key_arn=KEY_ARN)

    with calls.rationed(lambda: 60.0):
        for _ in range(2):
            with pytest.raises(KeyUnavailable, match="ThrottlingException"):
                keyring.generate_data_key(CONTEXT)
    assert (calls.count, len(kms.calls)) == (1, 1)

    keyring.generate_data_key(CONTEXT)
    with calls.rationed(lambda: 0.0), pytest.raises(NotReached):
        keyring.generate_data_key(CONTEXT)
    assert (calls.count, len(kms.calls)) == (2, 2)
