"""Characters of which Secrets Manager draws a password, and whether what it draws could be guessed."""

import math
import string
from enum import Enum

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.checked_values import check_instance
from constructs_lib.wiring.given_resources import check_text, spoken

_LONGEST = 4096  # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
_BITS = 80  # a password of sixteen letters and digits has 95


class Characters(Enum):
    """Kinds of characters. At least one of each kind is drawn."""

    LETTERS_AND_DIGITS = "LETTERS_AND_DIGITS"
    """Letters of both cases and digits: safe in URLs, shells and connection strings."""

    WITH_PUNCTUATION = "WITH_PUNCTUATION"
    """The punctuation of ASCII as well."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The characters of each kind."""
        letters = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
        return letters if self is Characters.LETTERS_AND_DIGITS else (*letters, string.punctuation)


def check_draw(length: int, characters: Characters, without: str) -> None:
    """Refuse what Secrets Manager cannot draw, and what could be guessed.

    Args:
        length: Characters to draw.
        characters: Of which kinds they are.
        without: Characters that are never drawn.

    Raises:
        ConfigurationError: If there are none left of a kind, or there are too few of them or too many.
    """
    check_instance("characters", characters, Characters)
    check_text("without", without)
    if cdk.Token.is_unresolved(without):
        raise ConfigurationError("without must be characters that are known when the app is synthesised, got a token")
    left = [set(kind) - set(without) for kind in characters.kinds]
    if not without.isascii() or not all(left):
        raise ConfigurationError(
            f"without must be characters of ASCII that leave some of each kind of {characters.name}, got {without!r}"
        )
    if not isinstance(length, int) or isinstance(length, bool):
        raise ConfigurationError(f"length must be a whole number, got {spoken(length)}")
    shortest = math.ceil(_BITS / math.log2(len(set().union(*left))))
    if not shortest <= length <= _LONGEST:
        raise ConfigurationError(
            f"length must be {shortest} to {_LONGEST} of these characters, so that nobody guesses it, got {length}"
        )
