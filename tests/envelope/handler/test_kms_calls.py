from envelope.context import EncryptionContext
from envelope.handler.kms_calls import KmsCalls
from envelope.kms_keyring import KmsKeyring
from tests.support.fake_kms import FAR_KEY_ARN, KEY_ARN, FakeRegions


def test_calls_in_all_regions_are_counted_together() -> None:
    regions = FakeRegions()
    calls = KmsCalls(regions)
    keyring = KmsKeyring(calls, key_arn=KEY_ARN, further_key_arns=[FAR_KEY_ARN])
    context = EncryptionContext.of({"a": "b"})

    _, encrypted = keyring.generate_data_key(context)
    assert calls.count == 2
    keyring.decrypt_data_key(encrypted, context, key_bytes=32)

    assert calls.count == 3
    assert regions.operations == ["eu-central-1: GenerateDataKey", "eu-central-1: Decrypt", "us-west-2: Encrypt"]
