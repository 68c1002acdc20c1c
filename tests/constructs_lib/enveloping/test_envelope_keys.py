"""Which keys may be which."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from constructs_lib import MultiRegionKey
from constructs_lib.enveloping.envelope_keys import (
    FROM_KEYS_MAX,
    FURTHER_KEYS_MAX,
    KeyUse,
    check_keys,
    merged,
    numbered,
    to_decrypt,
    to_encrypt,
)
from constructs_lib.errors import ConfigurationError
from envelope.limits import ENCRYPTED_DATA_KEYS_MAX


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Orders")


def test_the_first_key_makes_data_keys_and_the_others_wrap_them(stack: cdk.Stack) -> None:
    one, two = kms.Key(stack, "One"), kms.Key(stack, "Two")

    assert to_encrypt(one, [two]) == [
        KeyUse(key=one, actions=("kms:GenerateDataKey",)),
        KeyUse(key=two, actions=("kms:Encrypt",)),
    ]
    assert to_decrypt([one, two]) == [KeyUse(key=key, actions=("kms:Decrypt",)) for key in (one, two)]


def test_uses_of_one_key_become_one(stack: cdk.Stack) -> None:
    one, two = kms.Key(stack, "One"), kms.Key(stack, "Two")

    assert merged([*to_decrypt([one, two]), *to_encrypt(one, [])]) == [
        KeyUse(key=one, actions=("kms:Decrypt", "kms:GenerateDataKey")),
        KeyUse(key=two, actions=("kms:Decrypt",)),
    ]


def test_other_keys_may_be_one(stack: cdk.Stack) -> None:
    envelope, other = kms.Key(stack, "Envelope"), kms.Key(stack, "Other")

    check_keys({"encryption_key": envelope}, {"operations_key": other, "transport_key": other})
    assert list(numbered("further_keys", [envelope, other])) == ["further_keys[0]", "further_keys[1]"]


def test_refuses_an_envelope_key_for_anything_else(stack: cdk.Stack) -> None:
    key = kms.Key(stack, "Key")

    with pytest.raises(ConfigurationError, match=r"^transport_key must be another key than encryption_key, got Orders"):
        check_keys({"encryption_key": key}, {"transport_key": key})


def test_refuses_an_envelope_key_twice(stack: cdk.Stack) -> None:
    key = kms.Key(stack, "Key")

    with pytest.raises(ConfigurationError, match=r"^further_keys\[0\] must be another key than encryption_key, got"):
        check_keys({"encryption_key": key, **numbered("further_keys", [key])}, {})


def test_refuses_a_further_key_by_its_alias(stack: cdk.Stack) -> None:
    alias = kms.Alias.from_alias_name(stack, "Alias", "alias/orders")

    with pytest.raises(ConfigurationError, match=r"^further_keys\[0\] must be the key itself, got its alias$"):
        check_keys(numbered("further_keys", [alias]), {})


def test_refuses_one_key_instead_of_a_list(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^further_keys must be a list of keys, got a Key Orders/Key$"):
        numbered("further_keys", kms.Key(stack, "Key"))


def test_refuses_more_keys_than_a_message_has() -> None:
    assert FURTHER_KEYS_MAX == ENCRYPTED_DATA_KEYS_MAX - 1
    with pytest.raises(ConfigurationError, match=r"^further_keys must be at most 4 keys, got 5$"):
        numbered("further_keys", [None] * 5)
    with pytest.raises(ConfigurationError, match=r"^from_keys must be at most 20 keys, got 21$"):
        numbered("from_keys", [None] * 21, most=FROM_KEYS_MAX)


@pytest.mark.parametrize("argument", ["further_keys[0]", "transport_key"])
def test_refuses_a_key_of_the_same_multi_region_set(argument: str) -> None:
    app = cdk.App()
    here, there = (cdk.Stack(app, name, env=cdk.Environment(region=name)) for name in ("eu-west-1", "us-east-1"))
    key = MultiRegionKey(here, "Key", alias="orders", replicas=[there])
    keys: dict[str, kms.IKey] = {"encryption_key": key}
    replica: dict[str, kms.IKey] = {argument: key.in_region_of(there)}

    with pytest.raises(ConfigurationError) as refused:
        check_keys({**keys, **replica}, {}) if "[" in argument else check_keys(keys, replica)
    assert str(refused.value) == (
        f"{argument} must be another key than encryption_key, got us-east-1/Key, the same multi-Region key"
    )


def test_refuses_two_imported_keys_of_the_same_multi_region_set(stack: cdk.Stack) -> None:
    arn = "arn:aws:kms:{}:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"
    one, two = (kms.Key.from_key_arn(stack, region, arn.format(region)) for region in ("eu-west-1", "us-east-1"))

    with pytest.raises(ConfigurationError, match=r", got Orders/us-east-1, the same multi-Region key$"):
        check_keys({"encryption_key": one, "further_keys[0]": two}, {})
