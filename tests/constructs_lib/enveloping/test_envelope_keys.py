"""Which keys may be which."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from constructs_lib.enveloping.envelope_keys import KeyUse, check_keys, merged, numbered, to_decrypt, to_encrypt
from constructs_lib.errors import ConfigurationError


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
    with pytest.raises(ConfigurationError, match=r"^further_keys must be a list of keys, got "):
        numbered("further_keys", kms.Key(stack, "Key"))
