"""Dynamic references name fields that are there, and say what they mean."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.contents import Content, Generated, Supplied
from constructs_lib.secrets.dynamic_references import DynamicReferences, check_demanded, check_field
from tests.support.announcements import announcements

ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders-a1b2c3"


def _references(stack: cdk.Stack, content: Content) -> DynamicReferences:
    return DynamicReferences(cdk.CfnResource(stack, "Secret", type="A::B::C"), content)  # type: ignore[arg-type]  # anything with a node


def test_a_reference_says_once_who_sees_the_value_by_it(make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Orders")
    references = _references(stack, Supplied.json("token"))

    value = references.value(ARN, "token")
    key = references.key(ARN, json_field=None, version_id=None, version_stage="AWSPREVIOUS")

    assert stack.resolve(value.unsafe_unwrap()) == f"{{{{resolve:secretsmanager:{ARN}:SecretString:token::}}}}"
    assert key == f"{ARN}:SecretString::AWSPREVIOUS:"
    (said,) = announcements(app.synth().directory, "Orders", "info")
    assert said.startswith("a dynamic reference puts the value where the template says, and whoever may read that")


def test_an_attachment_adds_the_fields_of_a_database() -> None:
    references = _references(cdk.Stack(cdk.App()), Generated.json(fields={}, generated_field="password"))
    with pytest.raises(ConfigurationError, match="json_field must be one of password, got 'host'"):
        references.value(ARN, "host")

    references.attach()

    assert references.value(ARN, "host").unsafe_unwrap()


def test_refuses_a_field_of_a_text() -> None:
    with pytest.raises(ConfigurationError, match="json_field must not be said of a text, got 'token'"):
        check_field(Generated.text(), "token")


def test_refuses_a_version_named_twice() -> None:
    with pytest.raises(ConfigurationError, match="version_stage must not be given beside version_id"):
        _references(cdk.Stack(cdk.App()), Generated.text()).key(
            ARN, json_field=None, version_id="1", version_stage="AWSCURRENT"
        )


def test_refuses_a_rotation_whose_fields_are_missing() -> None:
    check_demanded(Supplied.json("username", "password"), frozenset({"username"}))
    with pytest.raises(ConfigurationError, match=r"content must hold the fields .* got one without password, username"):
        check_demanded(Generated.text(), frozenset({"username", "password"}))
