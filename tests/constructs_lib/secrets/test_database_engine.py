"""What passwords databases take."""

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.database_engine import DatabaseEngine
from constructs_lib.secrets.drawn_characters import Characters


@pytest.mark.parametrize("engine", DatabaseEngine)
def test_its_own_defaults_suit_each_database(engine: DatabaseEngine) -> None:
    engine.check("app", engine.longest_default, Characters.WITH_PUNCTUATION, engine.refused)


def test_a_password_of_oracle_is_short() -> None:
    assert DatabaseEngine.ORACLE.longest_default == 30


def test_refuses_a_longer_password_than_the_database_takes() -> None:
    with pytest.raises(ConfigurationError, match="length must be at most 41 for mysql, got 48"):
        DatabaseEngine.MYSQL.check("app", 48, Characters.LETTERS_AND_DIGITS, "")


def test_refuses_characters_that_the_database_does_not_take() -> None:
    with pytest.raises(ConfigurationError, match="without must hold \"'/@, which postgres does not take, got ''"):
        DatabaseEngine.POSTGRES.check("app", 32, Characters.WITH_PUNCTUATION, "")


def test_refuses_nobody() -> None:
    with pytest.raises(ConfigurationError, match="username must be a text, got ''"):
        DatabaseEngine.POSTGRES.check("", 32, Characters.LETTERS_AND_DIGITS, "")
