"""A function rotates secrets of the content that it draws."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_lambda as lambda_

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.contents import Content, DatabaseEngine, Generated, Supplied
from constructs_lib.secrets.rotated_content import check_rotated_content, remember_content

TOKEN = Generated.json(fields={"client": "shop"}, generated_field="token")
DATABASE = Generated.database(engine=DatabaseEngine.POSTGRES, username="app")


def _function(drawn: Content | None, *beside: str) -> lambda_.Function:
    function = lambda_.Function(
        cdk.Stack(),
        "Rotate",
        code=lambda_.Code.from_inline("def rotate(event, context): ..."),
        handler="index.rotate",
        runtime=lambda_.Runtime.PYTHON_3_13,
    )
    if drawn is not None:
        remember_content(function, drawn, beside=beside)
    return function


@pytest.mark.parametrize(
    ("content", "drawn", "reason"),
    [
        (Generated.text(), TOKEN, "makes, JSON with token, got a text"),
        (Supplied.text(), TOKEN, "makes, JSON with token, got a text"),
        (TOKEN, Generated.text(), "makes, a text, got JSON with client, token, of which token is drawn"),
        (Supplied.json("url", "key"), TOKEN, "makes, JSON with token, got JSON with url, key"),
        (
            Generated.json(fields={"key": "x"}, generated_field="other"),
            Generated.json(fields={}, generated_field="key"),
            "makes, JSON with key, got JSON with key, other, of which other is drawn",
        ),
        (DATABASE, Generated.json(fields={}, generated_field="host"), "of which password is drawn"),
        (Supplied.text(), Supplied.json("key"), "makes, JSON with key, got a text"),
        (Supplied.json("url"), Supplied.json("key"), "makes, JSON with key, got JSON with url"),
    ],
)
@pytest.mark.parametrize("through", ["the function", "an alias"])
def test_refuses_another_content(content: Content, drawn: Content, reason: str, through: str) -> None:
    function: Any = _function(drawn)
    named = function.add_alias("live") if through == "an alias" else function

    with pytest.raises(ConfigurationError, match=reason):
        check_rotated_content(content, named)


@pytest.mark.parametrize(
    ("content", "drawn"),
    [
        (Generated.text(), Generated.text(length=64)),
        (Supplied.text(), Generated.text()),
        (Supplied.json("url", "client", "token"), TOKEN),
        (DATABASE, Generated.json(fields={}, generated_field="password")),
        (TOKEN, Supplied.json("token")),
        (Supplied.json("url", "key"), Supplied.json("key")),
        (TOKEN, None),
    ],
)
def test_a_value_that_is_drawn_otherwise_is_taken(content: Content, drawn: Content | None) -> None:
    check_rotated_content(content, _function(drawn))


def test_refuses_a_secret_without_the_name_of_the_user_whose_turn_it_is() -> None:
    function = _function(DATABASE, "username")

    check_rotated_content(DATABASE, function)
    with pytest.raises(ConfigurationError, match="makes, JSON with username, password, got JSON with user, password"):
        check_rotated_content(Supplied.json("user", "password"), function)
