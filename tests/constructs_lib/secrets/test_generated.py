"""What CloudFormation is told to draw."""

import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.database_engine import DatabaseEngine
from constructs_lib.secrets.drawn_characters import Characters
from constructs_lib.secrets.generated import Generated
from tests.support.secret_stack import secret_of


def test_a_text_is_drawn_without_a_field() -> None:
    assert Generated.text().generate_secret_string == {
        "PasswordLength": 48,
        "ExcludePunctuation": True,
        "IncludeSpace": False,
        "RequireEachIncludedType": True,
    }
    assert Generated.text().field_names is None


def test_json_has_its_fields_and_the_drawn_one() -> None:
    content = Generated.json(fields={"client": "shop"}, generated_field="token", length=32, without="0O")

    assert content.field_names == ("client", "token")
    assert content.generate_secret_string["GenerateStringKey"] == "token"
    assert content.generate_secret_string["SecretStringTemplate"] == '{"client": "shop"}'
    assert content.generate_secret_string["ExcludeCharacters"] == "0O"


def test_credentials_have_the_structure_of_aws() -> None:
    content = Generated.database(
        engine=DatabaseEngine.MYSQL, username="app", dbname="orders", host="db.example.com", port=3306
    )

    assert json.loads(content.generate_secret_string["SecretStringTemplate"]) == {
        "engine": "mysql",
        "username": "app",
        "dbname": "orders",
        "host": "db.example.com",
        "port": 3306,
    }
    assert content.generated_field == "password"
    assert content.length == 41


def test_punctuation_that_the_database_does_not_take_is_left_out() -> None:
    content = Generated.database(engine=DatabaseEngine.ORACLE, username="app", characters=Characters.WITH_PUNCTUATION)

    assert content.without == "/'\"@ &"
    assert set(content.never_drawn) == set("/'\"@&")


def test_rotation_functions_of_aws_are_told_all_punctuation_that_is_not_drawn() -> None:
    assert Generated.text(without="0").never_drawn.startswith('0!"#')


def test_another_generation_is_drawn_alike_and_told_otherwise() -> None:
    first, second = Generated.text(), Generated.text(generation=2)

    assert second.generate_secret_string == {**first.generate_secret_string, "ExcludeCharacters": " "}


@pytest.mark.parametrize("generation", [0, True, 1001, "2"])
def test_refuses_what_is_no_generation(generation: int) -> None:
    with pytest.raises(ConfigurationError, match="generation must be a whole number from 1 to 1000"):
        Generated.text(generation=generation)


def test_refuses_a_drawn_field_that_is_a_fixed_one() -> None:
    with pytest.raises(ConfigurationError, match="generated_field must not be one of fields, got 'client'"):
        Generated.json(fields={"client": "x"}, generated_field="client")


@pytest.mark.parametrize("fields", [["client"], {"client": 1}, {"a:b": "x"}, {"": "x"}], ids=repr)
def test_refuses_what_are_no_fields(fields: Any) -> None:  # of several wrong types
    with pytest.raises(ConfigurationError, match=r"fields must|client must be a text"):
        Generated.json(fields=fields, generated_field="token")


def test_refuses_a_reference_in_a_field_which_would_change_the_generator_unseen() -> None:
    with pytest.raises(ConfigurationError, match="client must be a text that is known when the app is synthesised"):
        Generated.json(fields={"client": cdk.Aws.ACCOUNT_ID}, generated_field="token")


def test_refuses_more_than_secrets_manager_keeps() -> None:
    with pytest.raises(ConfigurationError, match="fields must be at most 65,536 bytes"):
        Generated.json(fields={"client": "x" * 65_536}, generated_field="token")


@pytest.mark.parametrize("port", [0, 65_536, True])
def test_refuses_what_is_no_port(port: int) -> None:
    with pytest.raises(ConfigurationError, match="port must be a number from 1 to 65535"):
        Generated.database(engine=DatabaseEngine.MYSQL, username="app", port=port)


def test_refuses_an_unknown_engine() -> None:
    with pytest.raises(ConfigurationError, match="engine must be a DatabaseEngine of constructs_lib, got 'sqlite'"):
        Generated.database(engine="sqlite", username="app")  # type: ignore[arg-type]  # that is the point


def test_credentials_have_the_fields_that_they_say(make_app: Callable[..., cdk.App]) -> None:
    superuser = secret_of(cdk.Stack(make_app(), "Orders"))

    usual = Generated.database(engine=DatabaseEngine.MYSQL, username="app")
    whole = Generated.database(
        engine=DatabaseEngine.MYSQL, username="app", host="orders.internal", port=3306, superuser=superuser
    )

    assert usual.field_names == ("engine", "username", "password")
    assert whole.field_names == ("engine", "username", "host", "port", "masterarn", "password")


@pytest.mark.parametrize("superuser", ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:super-AbCdEf", 7])
def test_refuses_a_superuser_that_is_no_secret(superuser: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^superuser must be a secret, such as ManagedSecret\(...\), got "):
        Generated.database(engine=DatabaseEngine.MYSQL, username="app", superuser=superuser)
