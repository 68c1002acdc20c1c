"""Encryption contexts that constructs take; what `required_context` refuses is tested with EnvelopeEncryption."""

from typing import Any

import pytest

from constructs_lib.enveloping.required_context import OBJECT_ID, check_required_context, fixed_context
from constructs_lib.errors import ConfigurationError
from envelope.objects import object_id


def test_the_reserved_entry_is_that_of_the_handlers() -> None:
    assert OBJECT_ID == object_id.OBJECT_ID


def test_entries_are_written_in_their_order_and_in_unicode() -> None:
    assert fixed_context("context", {"b": "zwölf", "a": "1"}) == '{"a": "1", "b": "zwölf"}'


def test_required_keys_may_be_many() -> None:
    check_required_context([f"key-{number}" for number in range(200)])


@pytest.mark.parametrize(
    "required", [{"tenant": "blue"}, 3, None, "tenant", (), (key for key in ["tenant"]), {"tenant"}]
)
def test_refuses_required_keys_that_are_no_list(required: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^required_context must be a list of at least one key, got "):
        check_required_context(required)


def test_refuses_to_require_what_the_functions_write_themselves() -> None:
    with pytest.raises(ConfigurationError, match=r"and none called object-id, got 'object-id'$"):
        check_required_context(["tenant", "object-id"])


@pytest.mark.parametrize(
    ("context", "message"),
    [
        ({}, 'context must be a mapping of at least one entry, such as {"purpose": "orders"}, got {}'),
        ("a", 'context must be a mapping of at least one entry, such as {"purpose": "orders"}, got \'a\''),
        ({"a": ""}, "context must hold literal, non-empty strings, got ''"),
        ({"a": 1}, "context must hold literal, non-empty strings, got 1"),
        ({"aws-crypto-x": "1"}, "none called object-id, got 'aws-crypto-x'"),
        ({"object-id": "1"}, "none called object-id, got 'object-id'"),
        ({"a": "\ud800"}, "context must hold Unicode text, got half a character in '\\ud800'"),
        ({"a": "x" * 3_000}, "context must be at most 3000 bytes as JSON, got 3009"),
    ],
)
def test_refuses_a_context_that_no_message_can_have(context: Any, message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        fixed_context("context", context)
    assert str(refused.value).endswith(message)
