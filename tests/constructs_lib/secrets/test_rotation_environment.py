"""What the rotation function is told: settings, and never a value."""

import aws_cdk as cdk

from constructs_lib.secrets.generated import Generated
from constructs_lib.secrets.rotation_environment import changed_by, drawn_as, talks_through
from constructs_lib.secrets.unsafe_value import unsafe_value


def test_of_what_is_drawn_it_is_told_how() -> None:
    content = Generated.json(fields={"client": "shop"}, generated_field="token", length=32, without="0O")

    assert drawn_as(content) == {
        "PASSWORD_LENGTH": "32",
        "CHARACTERS": "LETTERS_AND_DIGITS",
        "EXCLUDE_CHARACTERS": "0O",
        "GENERATED_FIELD": "token",
    }


def test_of_an_unsafe_value_it_is_told_nothing() -> None:
    assert drawn_as(unsafe_value(cdk.SecretValue.unsafe_plain_text("hunter2"))) == {}


def test_without_a_step_it_is_told_of_none() -> None:
    assert talks_through(None) == {}


def test_the_superuser_is_an_arn() -> None:
    assert changed_by("arn") == {"SUPERUSER_SECRET_ARN": "arn"}
