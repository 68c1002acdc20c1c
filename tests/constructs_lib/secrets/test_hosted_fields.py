"""What the rotation functions of AWS look for in a secret."""

import aws_cdk as cdk
import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.contents import Content, DatabaseEngine, Generated, Supplied, unsafe_value
from constructs_lib.secrets.hosted_fields import check_hosted_fields, missing_address
from tests.support.secret_stack import secret_of

ELSEWHERE = [each for each in DatabaseEngine if each is not DatabaseEngine.MYSQL]


def database(engine: DatabaseEngine = DatabaseEngine.MYSQL, host: str | None = None) -> Generated:
    return Generated.database(engine=engine, username="app", host=host)


@pytest.mark.parametrize("engine", ELSEWHERE)
def test_refuses_a_content_of_another_database(engine: DatabaseEngine) -> None:
    check_hosted_fields(database(), DatabaseEngine.MYSQL, None)
    with pytest.raises(ConfigurationError) as refused:
        check_hosted_fields(database(engine), DatabaseEngine.MYSQL, None)
    assert str(refused.value) == (
        "engine must be that of the content, got DatabaseEngine.MYSQL, whose function takes 'mysql', and "
        f"{engine.value!r} in the content"
    )


def test_what_somebody_puts_may_be_of_any_database() -> None:
    check_hosted_fields(Supplied.json("username", "password", "engine"), DatabaseEngine.ORACLE, None)


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        (Generated.text(), "password, username"),
        (Supplied.json("username"), "password"),
        (Generated.json(fields={"user": "app"}, generated_field="password"), "username"),
    ],
    ids=["text", "supplied", "another name"],
)
def test_refuses_a_content_without_the_credentials_that_the_function_reads(content: Content, missing: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"content must hold the fields .*, got one without {missing}$"):
        check_hosted_fields(content, DatabaseEngine.MYSQL, None)


def test_refuses_alternating_users_without_the_superusers_arn_in_the_content() -> None:
    superuser = secret_of(cdk.Stack())
    told = Generated.database(engine=DatabaseEngine.MYSQL, username="app", superuser=superuser)

    check_hosted_fields(told, DatabaseEngine.MYSQL, superuser)
    with pytest.raises(ConfigurationError, match=r"got one without masterarn$"):
        check_hosted_fields(database(), DatabaseEngine.MYSQL, superuser)


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        (database(host="orders.internal"), []),
        (database(), ["host"]),
        (Supplied.json("host", "engine"), []),
        (Supplied.json("host"), ["engine"]),
        (Supplied.text(), ["engine", "host"]),
        (unsafe_value(cdk.SecretValue.unsafe_plain_text("{}"), "engine", "host"), []),
    ],
    ids=["said", "not said", "put", "half put", "text", "in the template"],
)
def test_an_attachment_must_write_what_the_content_does_not_say(content: Content, missing: list[str]) -> None:
    assert missing_address(content) == missing
