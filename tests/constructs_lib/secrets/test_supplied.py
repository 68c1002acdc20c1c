"""Values that somebody puts after the deployment, and how he is told."""

from collections.abc import Callable
from functools import partial
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.supplied import Supplied, announce_early_rotation, announce_missing_value
from tests.support.announcements import announcements


def test_each_kind_knows_its_fields() -> None:
    assert Supplied.text().field_names is None
    assert Supplied.json("a", "b").field_names == ("a", "b")
    assert Supplied.key_pair().field_names == ("private_key", "public_key")
    assert Supplied.certificate().field_names == ("certificate", "private_key", "certificate_chain")
    assert Supplied.certificate().generate_secret_string is None


def test_the_writer_is_told_a_command_that_takes_the_value_from_a_file(make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    stack = cdk.Stack(app, "Orders")
    announce_missing_value(secretsmanager.CfnSecret(stack, "Named"), Supplied.key_pair(), "orders/key")
    announce_missing_value(secretsmanager.Secret(stack, "Unnamed"), Supplied.text(), None)

    named, unnamed = announcements(app.synth().directory, "Orders", "info")

    command = "aws secretsmanager put-secret-value --secret-id {} --secret-string file://value.txt"
    assert f"JSON with private_key, public_key: {command.format('orders/key')}" in named
    assert f"the text: {command.format('<ARN of Unnamed056898D7>')}" in unnamed


def test_a_rotation_before_there_is_a_value_is_announced(make_app: Callable[..., cdk.App]) -> None:
    app = make_app()
    announce_early_rotation(secretsmanager.CfnSecret(cdk.Stack(app, "Orders"), "Secret"))

    (said,) = announcements(app.synth().directory, "Orders", "info")

    assert "fails until a writer has put one" in said


@pytest.mark.parametrize("make", [Supplied.text, Supplied.key_pair, Supplied.certificate, partial(Supplied.json, "a")])
def test_another_generation_is_told_to_each_kind(make: Callable[..., Supplied]) -> None:
    assert make().generation == 1
    assert make(generation=2).generation == 2
    with pytest.raises(ConfigurationError, match="generation must be a whole number from 1 to 1000, got 0"):
        make(generation=0)


def test_refuses_json_without_fields() -> None:
    with pytest.raises(ConfigurationError, match="fields must be one or more names, got none"):
        Supplied.json()


def test_refuses_a_field_twice() -> None:
    with pytest.raises(ConfigurationError, match="fields must differ, got 'a' twice"):
        Supplied.json("a", "a")


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"what": "zz"}, "what must be one of text, json, key pair, certificate, got 'zz'"),
        ({"what": "json"}, "field_names must be None for a text and names for JSON, got None"),
        ({"field_names": ("a", "b")}, "field_names must be None for a text and names for JSON, got a, b"),
    ],
    ids=["kind", "json", "text"],
)
def test_refuses_what_nobody_could_be_told_to_put(told: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {"field_names": None, "what": "text", **told}

    with pytest.raises(ConfigurationError) as refused:
        Supplied(**given)
    assert str(refused.value) == message
