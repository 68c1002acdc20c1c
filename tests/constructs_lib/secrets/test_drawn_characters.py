"""What Secrets Manager draws, and what could be guessed."""

import aws_cdk as cdk
import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.drawn_characters import Characters, check_draw


def test_sixteen_letters_and_digits_are_enough() -> None:
    check_draw(16, Characters.LETTERS_AND_DIGITS, "")


def test_refuses_a_length_that_could_be_guessed() -> None:
    with pytest.raises(ConfigurationError, match=r"length must be 14 to 4096 of these characters.*got 13"):
        check_draw(13, Characters.LETTERS_AND_DIGITS, "")


def test_refuses_a_longer_value_than_secrets_manager_draws() -> None:
    with pytest.raises(ConfigurationError, match="got 4097"):
        check_draw(4097, Characters.LETTERS_AND_DIGITS, "")


@pytest.mark.parametrize("length", [True, "32", 32.0])
def test_refuses_what_is_no_length(length: int) -> None:
    with pytest.raises(ConfigurationError, match="length must be a whole number"):
        check_draw(length, Characters.LETTERS_AND_DIGITS, "")


@pytest.mark.parametrize("without", ["0123456789", "é"])
def test_refuses_to_leave_out_a_whole_kind_or_what_is_never_drawn(without: str) -> None:
    with pytest.raises(ConfigurationError, match="without must be characters of ASCII"):
        check_draw(32, Characters.WITH_PUNCTUATION, without)


def test_refuses_what_are_no_characters() -> None:
    with pytest.raises(ConfigurationError, match="characters must be a Characters of constructs_lib, got 'letters'"):
        check_draw(32, "letters", "")  # type: ignore[arg-type]  # that is the point


def test_refuses_characters_that_nobody_knows_before_the_deployment() -> None:
    with pytest.raises(ConfigurationError, match=r"^without must be characters that are known when the app is synthes"):
        check_draw(32, Characters.LETTERS_AND_DIGITS, cdk.Aws.REGION)
