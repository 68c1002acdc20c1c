"""How keys reach the handlers."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms

from constructs_lib.enveloping.handler_environment import (
    HOLD_KEYS,
    new_wrapping_keys,
    read_under,
    requests_must_have,
    wrapping_keys,
    written_with,
)
from constructs_lib.enveloping.message_settings import AlgorithmSuite, CommitmentPolicy

ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890a"


def test_keys_are_named_by_arn_and_further_ones_as_json() -> None:
    stack = cdk.Stack(cdk.App(), "Orders")
    one, two, three = (kms.Key.from_key_arn(stack, name, ARN + name) for name in "123")

    assert wrapping_keys(stack, one, ()) == {"ENVELOPE_KEY_ARN": f"{ARN}1"}
    assert stack.resolve(wrapping_keys(stack, one, [two, three])) == {
        "ENVELOPE_KEY_ARN": f"{ARN}1",
        "FURTHER_KEY_ARNS": f'["{ARN}2","{ARN}3"]',
    }
    new = stack.resolve(new_wrapping_keys(stack, one, [two]))
    assert new == {"NEW_KEY_ARN": f"{ARN}1", "NEW_FURTHER_KEY_ARNS": f'["{ARN}2"]'}
    assert {*wrapping_keys(stack, one, [two]), *new_wrapping_keys(stack, one, [two])} == set(HOLD_KEYS)


def test_choices_are_named() -> None:
    assert requests_must_have(["tenant", "purpose"]) == {"REQUIRED_CONTEXT_KEYS": '["purpose", "tenant"]'}
    assert written_with(AlgorithmSuite.COMMITTING_SIGNED) == {"ALGORITHM_SUITE": "0578"}
    policy = CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT
    assert read_under(policy) == {"COMMITMENT_POLICY": "REQUIRE_ENCRYPT_ALLOW_DECRYPT"}
