"""What the L1 of a secret is told."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from constructs_lib import EncryptionKey
from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.contents import Generated, Supplied, unsafe_value
from constructs_lib.secrets.rotation import ByFunction
from constructs_lib.secrets.rotation_schedule import RotationSchedule
from constructs_lib.secrets.secret_properties import check_arguments, secret_properties

ROTATE = "arn:aws:lambda:eu-west-1:111122223333:function:rotate"
PLAIN = "correct horse battery staple"


def test_only_an_unsafe_value_is_in_the_properties() -> None:
    key = EncryptionKey(cdk.Stack(), "Key", alias="orders")
    unsafe = unsafe_value(cdk.SecretValue.unsafe_plain_text(PLAIN))
    told = {
        each: secret_properties(content, key, "orders", None, ())
        for each, content in (("generated", Generated.text()), ("supplied", Supplied.text()), ("unsafe", unsafe))
    }

    assert [each for each in told if told[each]["secret_string"] is not None] == ["unsafe"]
    assert [each for each in told if told[each]["generate_secret_string"] is not None] == ["generated"]
    assert told["unsafe"]["secret_string"] == PLAIN


@pytest.mark.parametrize("value", [PLAIN, cdk.SecretValue.unsafe_plain_text(PLAIN)], ids=["text", "value"])
def test_refuses_a_value_as_content_without_repeating_it(value: Any) -> None:  # of several wrong types
    with pytest.raises(ConfigurationError, match=r"Supplied for a value .* takes unsafe_value\(") as refused:
        check_arguments(value, None, None, None)

    assert PLAIN not in str(refused.value)


def test_refuses_to_rotate_an_unsafe_value() -> None:
    unsafe = unsafe_value(cdk.SecretValue.unsafe_plain_text(PLAIN))
    function = lambda_.Function.from_function_attributes(
        cdk.Stack(), "Rotate", function_arn=ROTATE, role=iam.Role.from_role_name(cdk.Stack(), "Role", "rotate")
    )
    rotation = ByFunction(function=function, schedule=RotationSchedule.every(cdk.Duration.days(30)))

    with pytest.raises(
        ConfigurationError, match=r"rotation must be None for unsafe_value.* got a ByFunction"
    ) as refused:
        check_arguments(unsafe, None, None, rotation)

    assert PLAIN not in str(refused.value)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ((Generated.text(), "x" * 2049, None, None), "at most 2,048 characters, got 2,049 characters"),
        ((Generated.text(), 7, None, None), "description must be a text"),
        ((Generated.text(), None, "r-ab12", None), "organization_id must be that of an organization"),
        ((Generated.text(), None, None, "rate"), r"rotation must be ByFunction\(...\) or Hosted"),
    ],
    ids=["long", "number", "root", "rate"],
)
def test_refuses_what_is_of_another_form(wrong: tuple[object, object, object, object], reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason):
        check_arguments(*wrong)
