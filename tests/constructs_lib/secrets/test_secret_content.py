"""What every content says, and what names fields have."""

from dataclasses import dataclass

import aws_cdk as cdk
import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.secret_content import Content, check_field_names


@dataclass(frozen=True, kw_only=True)
class _Kind(Content):
    """A kind of content that says nothing of its own."""


def test_a_content_draws_nothing_by_itself() -> None:
    assert _Kind(field_names=None).generate_secret_string is None


def test_refuses_a_content_of_no_kind() -> None:
    with pytest.raises(ConfigurationError, match=r"^content must be made by Generated, Supplied or unsafe_value, got "):
        Content(field_names=None)


def test_refuses_a_kind_with_names_that_no_field_has() -> None:
    with pytest.raises(ConfigurationError, match=r"^field_names must be names without a colon, got 'a:b'"):
        _Kind(field_names=("a:b",))


@pytest.mark.parametrize("name", ["", "a:b", 1, cdk.Aws.REGION], ids=["empty", "colon", "number", "token"])
def test_refuses_names_that_a_reference_could_not_say(name: object) -> None:
    with pytest.raises(ConfigurationError, match="fields must be names without a colon"):
        check_field_names("fields", ["good", name])


def test_refuses_one_name_for_two_fields() -> None:
    with pytest.raises(ConfigurationError, match=r"^fields must differ, got 'a' twice$"):
        check_field_names("fields", ["a", "b", "a"])
