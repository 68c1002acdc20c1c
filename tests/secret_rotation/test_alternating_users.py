"""Two users who alternate."""

import pytest

from secret_rotation.alternating_users import other_user, username_of
from secret_rotation.errors import SecretUnusable
from secret_rotation.secret_value import SecretValue


def test_the_other_one_of_the_other_one_is_the_first() -> None:
    assert other_user(other_user("shop", longest=10), longest=10) == "shop"


def test_refuses_a_name_that_gets_too_long() -> None:
    assert other_user("a" * 4, longest=10) == "aaaa_clone"
    with pytest.raises(SecretUnusable, match=r"^username must be at most 4 characters, got 5$"):
        other_user("a" * 5, longest=10)


def test_refuses_a_name_that_is_nothing_else() -> None:
    with pytest.raises(SecretUnusable, match=r"^username must be a name beside _clone, got nothing else$"):
        other_user("_clone", longest=63)


@pytest.mark.parametrize("text", ['{"password": "x"}', '{"username": 1}', '{"username": ""}'])
def test_refuses_credentials_without_a_user(text: str) -> None:
    with pytest.raises(SecretUnusable, match=r"^secret must have a field username with a text, got none$"):
        username_of(SecretValue(text))
