"""Values of secrets, which show themselves only to who asks."""

import copy
import pickle

import pytest

from secret_rotation.errors import SecretUnusable
from secret_rotation.secret_value import SecretValue

TEXT = "known-value-0123456789"
OBJECT = '{"username": "shop", "password": "known-value-0123456789"}'


def test_it_shows_itself_to_nobody() -> None:
    value = SecretValue(TEXT)

    assert {repr(value), str(value), f"{value}", f"{value!s}"} == {"SecretValue(...)"}
    assert repr([value]) == "[SecretValue(...)]"
    with pytest.raises(TypeError, match="must be handed over as it is"):
        pickle.dumps(value)
    with pytest.raises(TypeError, match="must be handed over as it is"):
        copy.deepcopy(value)
    assert not hasattr(value, "__dict__")


def test_it_is_equal_to_the_same_text_only() -> None:
    assert SecretValue(TEXT) == SecretValue(TEXT)
    assert SecretValue(TEXT) != SecretValue("ä")
    assert SecretValue(TEXT) != TEXT


def test_fields_can_be_read_and_replaced() -> None:
    value = SecretValue(OBJECT)

    changed = value.with_fields({"password": "another"})

    assert value.fields["password"] == TEXT
    assert changed.text == '{"username": "shop", "password": "another"}'


@pytest.mark.parametrize("text", [TEXT, "[1]", '"text"', ""])
def test_refuses_to_read_fields_of_what_is_no_object(text: str) -> None:
    value = SecretValue(text)

    assert not value.is_object
    with pytest.raises(SecretUnusable, match=r"^secret must be a JSON object, got something else$") as refused:
        value.with_fields({})
    assert refused.value.__context__ is None
