from typing import Any

import pytest

from envelope.errors import InvalidRequest, KeyAccessDenied, KeyUnavailable, NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.encrypted_data_keys import EncryptedDataKey
from envelope.keys.discovery_keyring import DiscoveryKeyring
from tests.support.fake_kms import (
    FAR_KEY_ARN,
    KEY_ARN,
    MULTI_REGION_ARN,
    OTHER_KEY_ARN,
    REPLICA_ARN,
    Call,
    FakeKms,
    FakeRegions,
    client_error,
)

VALUES = {"purpose": "test"}
CONTEXT = EncryptionContext.of(VALUES)
SECRET = b"s" * 32
FILTER: dict[str, Any] = {
    "partition": "aws",
    "accounts": ["111122223333", "444455556666"],
    "regions": ["eu-central-1", "us-west-2"],
}
ONLY_HERE = {**FILTER, "regions": ["us-west-2"]}


def wrapped(key_arn: str, *, values: dict[str, str] | None = None, secret: bytes = SECRET) -> EncryptedDataKey:
    blob = FakeKms().wrap(secret, key_id=key_arn, context=VALUES if values is None else values)
    return EncryptedDataKey(b"aws-kms", key_arn.encode(), blob)


def opened(keyring: DiscoveryKeyring, *candidates: EncryptedDataKey) -> bytearray:
    return keyring.decrypt_data_key(candidates, CONTEXT, key_bytes=32).secret


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"accounts": []}, r"accounts must be a collection of account ids, not empty, got \[\]"),
        ({"accounts": "111122223333"}, "accounts must be a collection of account ids, not empty, got '1111"),
        ({"accounts": ["111122223333", "*"]}, "must be the ARN of a KMS key, got 'arn:aws:kms:eu-central-1:\\*:key/0'"),
        ({"partition": "*"}, "must be the ARN of a KMS key, got"),
        ({"partition": ""}, "must be the ARN of a KMS key, got"),
        ({"regions": ["eu-*"]}, "must be the ARN of a KMS key, got"),
        ({"regions": "eu-central-1"}, "regions must be a collection of Regions, not empty, got 'eu-central-1'"),
        ({"regions": []}, r"regions must be a collection of Regions, not empty, got \[\]"),
        ({"replica_region": ""}, r"replica_region must be one of \['eu-central-1', 'us-west-2'\], got ''"),
        (
            {"regions": ["eu-central-1"], "replica_region": "us-west-2"},
            r"replica_region must be one of \['eu-central-1'\], got 'us-west-2'",
        ),
    ],
)
def test_refuses_a_filter_that_admits_no_key_or_every_one(changed: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        DiscoveryKeyring(FakeKms(), **{**FILTER, **changed})


def test_refuses_to_encrypt() -> None:
    with pytest.raises(InvalidRequest, match="keyring must name a key to encrypt with, got one for discovery"):
        DiscoveryKeyring(FakeKms(), **FILTER).generate_data_key(CONTEXT)


@pytest.mark.parametrize(
    "key_arn",
    [
        KEY_ARN.replace("111122223333", "777788889999"),
        KEY_ARN.replace("arn:aws:", "arn:aws-cn:"),
        KEY_ARN.replace("eu-central-1", "ap-south-1"),
        KEY_ARN.replace("key/", "alias/"),
        "no ARN, but long enough to be one",
    ],
)
def test_refuses_keys_outside_the_filter_without_a_call(key_arn: str) -> None:
    regions = FakeRegions()

    with pytest.raises(NotAuthentic):
        opened(DiscoveryKeyring(regions, **FILTER), wrapped(key_arn))
    assert regions.made == {}


def test_refuses_other_providers_without_a_call() -> None:
    regions = FakeRegions()
    good = wrapped(KEY_ARN)

    with pytest.raises(NotAuthentic):
        opened(DiscoveryKeyring(regions, **FILTER), EncryptedDataKey(b"other", good.provider_info, good.ciphertext))
    assert regions.made == {}


def test_asks_the_key_that_the_message_names() -> None:
    regions = FakeRegions()
    keyring = DiscoveryKeyring(regions, **FILTER, grant_tokens=["token"])

    assert opened(keyring, wrapped(FAR_KEY_ARN)) == SECRET
    assert regions.made["us-west-2"].calls == [Call("Decrypt", FAR_KEY_ARN, VALUES, ("token",))]
    assert regions.operations == ["us-west-2: Decrypt"]


@pytest.mark.parametrize("failure", ["AccessDeniedException", "ThrottlingException", "InvalidCiphertextException"])
def test_another_key_of_the_message_answers_when_one_fails(failure: str) -> None:
    regions = FakeRegions(eu_central_1={"failure": client_error(failure)})

    assert opened(DiscoveryKeyring(regions, **FILTER), wrapped(KEY_ARN), wrapped(FAR_KEY_ARN)) == SECRET
    assert regions.operations == ["eu-central-1: Decrypt", "us-west-2: Decrypt"]


def test_a_key_that_failed_is_not_asked_again() -> None:
    kms = FakeKms(failure=client_error("ThrottlingException"))

    with pytest.raises(KeyUnavailable):
        opened(DiscoveryKeyring(kms, **FILTER), wrapped(KEY_ARN), wrapped(KEY_ARN))
    assert len(kms.calls) == 1


def test_another_data_key_of_the_same_key_is_tried_when_one_has_another_length() -> None:
    kms = FakeKms()

    assert opened(DiscoveryKeyring(kms, **FILTER), wrapped(KEY_ARN, secret=bytes(16)), wrapped(KEY_ARN)) == SECRET
    assert len(kms.calls) == 2
    with pytest.raises(NotAuthentic):
        opened(DiscoveryKeyring(kms, **FILTER), wrapped(KEY_ARN, secret=bytes(16)))


def test_no_message_makes_a_client_of_a_region_that_was_not_named() -> None:
    regions = FakeRegions()
    invented = [wrapped(KEY_ARN.replace("eu-central-1", f"xx-nowhere-{number}")) for number in range(5)]

    with pytest.raises(NotAuthentic):
        opened(DiscoveryKeyring(regions, **FILTER), *invented)
    assert regions.made == {}


def test_when_all_keys_fail_the_most_useful_remedy_is_named() -> None:
    denied, throttled = client_error("AccessDeniedException"), client_error("ThrottlingException")

    with pytest.raises(KeyUnavailable):
        opened(
            DiscoveryKeyring(FakeKms(failures=[throttled, denied]), **FILTER), wrapped(KEY_ARN), wrapped(OTHER_KEY_ARN)
        )
    with pytest.raises(KeyAccessDenied):
        opened(DiscoveryKeyring(FakeKms(failure=denied), **FILTER), wrapped(KEY_ARN), wrapped(OTHER_KEY_ARN))


def test_no_message_costs_more_than_five_calls() -> None:
    kms = FakeKms()

    with pytest.raises(NotAuthentic):
        opened(DiscoveryKeyring(kms, **FILTER), *[wrapped(f"{KEY_ARN}{n}", values={}) for n in range(100)])
    assert len(kms.calls) == 5


def test_a_message_that_names_one_key_again_and_again_costs_two_calls() -> None:
    regions = FakeRegions()
    keyring = DiscoveryKeyring(regions, **FILTER)
    forged = wrapped(KEY_ARN, values={})

    with pytest.raises(NotAuthentic):
        opened(keyring, forged, forged, forged, forged, wrapped(KEY_ARN))
    assert regions.operations == ["eu-central-1: Decrypt"] * 2
    assert opened(keyring, forged, forged, forged, wrapped(FAR_KEY_ARN)) == SECRET
    assert regions.operations[2:] == ["eu-central-1: Decrypt"] * 2 + ["us-west-2: Decrypt"]


def test_asks_for_multi_region_keys_in_its_own_region() -> None:
    regions = FakeRegions()
    keyring = DiscoveryKeyring(regions, **ONLY_HERE, replica_region="us-west-2")

    assert opened(keyring, wrapped(MULTI_REGION_ARN)) == SECRET
    assert regions.made["us-west-2"].calls == [Call("Decrypt", REPLICA_ARN, VALUES)]
    assert regions.operations == ["us-west-2: Decrypt"]


def test_asks_for_other_keys_where_they_are_or_not_at_all() -> None:
    everywhere, here = FakeRegions(), FakeRegions()

    assert opened(DiscoveryKeyring(everywhere, **FILTER, replica_region="us-west-2"), wrapped(KEY_ARN)) == SECRET
    assert everywhere.operations == ["eu-central-1: Decrypt"]
    with pytest.raises(NotAuthentic):
        opened(DiscoveryKeyring(here, **ONLY_HERE, replica_region="us-west-2"), wrapped(KEY_ARN))
    assert here.made == {}


def test_without_a_region_for_them_multi_region_keys_are_asked_for_where_the_message_says() -> None:
    regions = FakeRegions()

    assert opened(DiscoveryKeyring(regions, **FILTER), wrapped(MULTI_REGION_ARN)) == SECRET
    assert regions.operations == ["eu-central-1: Decrypt"]
