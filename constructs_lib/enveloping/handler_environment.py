"""What the handlers of the package `envelope` read from their environment: names that both sides must know."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_kms as kms

from constructs_lib.enveloping.named_keys import arn_for

if TYPE_CHECKING:
    from constructs import Construct

    from constructs_lib.enveloping.message_settings import AlgorithmSuite, CommitmentPolicy

KEY_ARN, FURTHER_KEY_ARNS = "ENVELOPE_KEY_ARN", "FURTHER_KEY_ARNS"
NEW_KEY_ARN, NEW_FURTHER_KEY_ARNS = "NEW_KEY_ARN", "NEW_FURTHER_KEY_ARNS"
HOLD_KEYS = (KEY_ARN, FURTHER_KEY_ARNS, NEW_KEY_ARN, NEW_FURTHER_KEY_ARNS)
"""By these the guardrails know an envelope key in a template."""

_REQUIRED_CONTEXT_KEYS = "REQUIRED_CONTEXT_KEYS"
_ALGORITHM_SUITE, _COMMITMENT_POLICY = "ALGORITHM_SUITE", "COMMITMENT_POLICY"
ENCRYPTION_CONTEXT = "ENCRYPTION_CONTEXT"
ARRIVALS_FROM, ARRIVALS_TO, ARRIVALS_PREFIX = "ARRIVALS_FROM", "ARRIVALS_TO", "ARRIVALS_PREFIX"
RECORDS_TO, DATA_KEY_CACHE = "RECORDS_TO", "DATA_KEY_CACHE"


def wrapping_keys(scope: "Construct", key: kms.IKey, further_keys: Sequence[kms.IKey]) -> dict[str, str]:
    """Return the keys of messages.

    Args:
        scope: The construct that names them.
        key: The key that makes data keys, or the first that is tried.
        further_keys: The others.
    """
    return _keys(scope, (KEY_ARN, FURTHER_KEY_ARNS), key, further_keys)


def new_wrapping_keys(scope: "Construct", key: kms.IKey, further_keys: Sequence[kms.IKey]) -> dict[str, str]:
    """Return the keys of messages after re-encryption.

    Args:
        scope: The construct that names them.
        key: The key that makes data keys.
        further_keys: The others.
    """
    return _keys(scope, (NEW_KEY_ARN, NEW_FURTHER_KEY_ARNS), key, further_keys)


def requests_must_have(keys: Sequence[str]) -> dict[str, str]:
    """Return the encryption-context keys that every request must carry."""
    return {_REQUIRED_CONTEXT_KEYS: json.dumps(sorted(keys))}


def written_with(suite: "AlgorithmSuite") -> dict[str, str]:
    """Return how messages are written."""
    return {_ALGORITHM_SUITE: suite.value}


def read_under(policy: "CommitmentPolicy") -> dict[str, str]:
    """Return which messages are read."""
    return {_COMMITMENT_POLICY: policy.value}


def _keys(
    scope: "Construct", names: tuple[str, str], key: kms.IKey, further_keys: Sequence[kms.IKey]
) -> dict[str, str]:
    one, others = names
    found = {one: arn_for(scope, key)}
    if further_keys:
        found[others] = cdk.Stack.of(scope).to_json_string([arn_for(scope, each) for each in further_keys])
    return found
