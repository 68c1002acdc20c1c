"""A key answers what the guardrails ask."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest

from constructs_lib.encryption_key import EncryptionKey

if TYPE_CHECKING:
    from constructs_lib.guardrails.guarded_key import GuardedKey


@pytest.mark.parametrize(("context", "taken_back"), [({}, 0), ({"cdk-key-management:take-back": "true"}, 1)])
def test_a_key_says_where_it_is_and_who_cannot_create_with_it(
    context: dict[str, Any], taken_back: int, make_app: Callable[..., cdk.App]
) -> None:
    stack = cdk.Stack(make_app(**context), "S")
    key: GuardedKey = EncryptionKey(stack, "Key", services=[])

    template_file, logical_id = key.place({})

    assert (template_file, logical_id[:-8], key.path) == (stack.template_file, "Key", "S/Key")
    assert key.is_taken_back is bool(taken_back)
    assert "kms:GenerateDataKey" in key.lacking_to_create("sqs", deployer="arn:aws:iam::111122223333:role/D", usual="")
