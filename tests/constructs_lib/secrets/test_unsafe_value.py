"""A value that stands in the template."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.unsafe_value import announce_unsafe_value, unsafe_value
from tests.support.announcements import announcements

PLAIN = "correct horse battery staple"


def test_the_value_is_in_no_text_about_it() -> None:
    content = unsafe_value(cdk.SecretValue.unsafe_plain_text(PLAIN), "client")

    assert PLAIN not in f"{content!r}{content}"
    assert content.field_names == ("client",)
    assert content.value.unsafe_unwrap() == PLAIN


def test_without_fields_it_is_a_text() -> None:
    assert unsafe_value(cdk.SecretValue.unsafe_plain_text(PLAIN)).field_names is None


def test_that_it_is_in_the_template_is_announced(make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    announce_unsafe_value(cdk.Resource(cdk.Stack(app, "Orders"), "Secret"))

    (said,) = announcements(app.synth().directory, "Orders", "warning")

    assert said.startswith("unsafe_value puts the value into the template")
    assert said.endswith("[ack: cdk-key-management:secret-value-in-template]")


def test_refuses_a_plain_text_without_repeating_it() -> None:
    with pytest.raises(ConfigurationError, match=r"value must be a cdk\.SecretValue, got a str") as refused:
        unsafe_value(PLAIN)  # type: ignore[arg-type]  # that is the point

    assert PLAIN not in str(refused.value)


def test_refuses_one_field_twice() -> None:
    with pytest.raises(ConfigurationError, match=r"^fields must differ, got 'a' twice$"):
        unsafe_value(cdk.SecretValue.unsafe_plain_text(PLAIN), "a", "a")
