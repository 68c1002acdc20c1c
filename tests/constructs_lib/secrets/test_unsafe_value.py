"""A value that stands in the template."""

import aws_cdk as cdk
import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.unsafe_value import unsafe_value

PLAIN = "correct horse battery staple"


def test_the_value_is_in_no_text_about_it() -> None:
    content = unsafe_value(cdk.SecretValue.unsafe_plain_text(PLAIN), "client")

    assert PLAIN not in f"{content!r}{content}"
    assert content.field_names == ("client",)
    assert content.value.unsafe_unwrap() == PLAIN


def test_without_fields_it_is_a_text() -> None:
    assert unsafe_value(cdk.SecretValue.unsafe_plain_text(PLAIN)).field_names is None


def test_refuses_a_plain_text_without_repeating_it() -> None:
    with pytest.raises(ConfigurationError, match=r"value must be a cdk\.SecretValue, got a str") as refused:
        unsafe_value(PLAIN)  # type: ignore[arg-type]  # that is the point

    assert PLAIN not in str(refused.value)
