"""What somebody decided when he deployed the function. These are all the variables that it reads, by these names.

| variable | what it says | untold |
|---|---|---|
| `PASSWORD_LENGTH` | characters to draw, 1 to 4096 | 48 |
| `CHARACTERS` | `LETTERS_AND_DIGITS` or `WITH_PUNCTUATION` | `LETTERS_AND_DIGITS` |
| `EXCLUDE_CHARACTERS` | characters never to draw | none |
| `GENERATED_FIELD` | the field of the JSON that gets a new value | the secret is a text |
| `SERVICE_STEP` | `module:Class` of the step that talks to the service | nobody but the readers knows the secret |
| `SUPERUSER_SECRET_ARN` | the superuser's secret: its presence means alternating users | single user |
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

PASSWORD_LENGTH: Final = "PASSWORD_LENGTH"  # noqa: S105  # the name of a variable
CHARACTERS: Final = "CHARACTERS"
EXCLUDE_CHARACTERS: Final = "EXCLUDE_CHARACTERS"
GENERATED_FIELD: Final = "GENERATED_FIELD"
SERVICE_STEP: Final = "SERVICE_STEP"
SUPERUSER_SECRET_ARN: Final = "SUPERUSER_SECRET_ARN"  # noqa: S105  # the name of a variable
VARIABLES: Final = (
    PASSWORD_LENGTH, CHARACTERS, EXCLUDE_CHARACTERS, GENERATED_FIELD, SERVICE_STEP, SUPERUSER_SECRET_ARN,
)  # fmt: skip
"""Every variable that the function reads."""

LETTERS_AND_DIGITS: Final = "LETTERS_AND_DIGITS"
WITH_PUNCTUATION: Final = "WITH_PUNCTUATION"
_LENGTH_DEFAULT: Final = "48"
_LENGTH_MAX: Final = 4096  # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
_ENTRY: Final = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*", re.ASCII)
_SECRET_ARN: Final = re.compile(r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:\S+")


@dataclass(frozen=True, slots=True)
class Generator:
    """How a new value is drawn.

    Attributes:
        length: Characters to draw.
        characters: `LETTERS_AND_DIGITS` or `WITH_PUNCTUATION`.
        without: Characters that are never drawn.
    """

    length: int
    characters: str
    without: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What the variables say.

    Attributes:
        generator: How a new value is drawn.
        generated_field: The field of the JSON that gets it; None for a text.
        service_step: `module:Class` of the step that talks to the service; None if nobody else knows the secret.
        superuser_secret_arn: Secret of the superuser; None for a single user.
    """

    generator: Generator
    generated_field: str | None
    service_step: str | None
    superuser_secret_arn: str | None

    @classmethod
    def of(cls, variables: Mapping[str, str]) -> Self:
        """Read the variables.

        Args:
            variables: By name.

        Returns:
            What they say.

        Raises:
            ValueError: If one says something else than it may: none of it is secret.

        Examples:
            >>> Settings.of({"PASSWORD_LENGTH": "32"}).generator
            Generator(length=32, characters='LETTERS_AND_DIGITS', without='')
        """
        step, field = variables.get(SERVICE_STEP), variables.get(GENERATED_FIELD)
        superuser = variables.get(SUPERUSER_SECRET_ARN)
        if step is not None and not _ENTRY.fullmatch(step):
            raise ValueError(f"{SERVICE_STEP} must be module:Class, got {step!r}")
        if field == "":
            raise ValueError(f"{GENERATED_FIELD} must be the name of a field, got ''")
        if superuser is not None and not _SECRET_ARN.fullmatch(superuser):
            raise ValueError(f"{SUPERUSER_SECRET_ARN} must be the ARN of a secret, got {superuser!r}")
        if superuser is not None and (step is None or field is None):
            raise ValueError(
                f"{SERVICE_STEP} and {GENERATED_FIELD} must be given for alternating users, got {step!r} and {field!r}"
            )
        return cls(_generator(variables), field, step, superuser)


def _generator(variables: Mapping[str, str]) -> Generator:
    length = variables.get(PASSWORD_LENGTH, _LENGTH_DEFAULT)
    characters = variables.get(CHARACTERS, LETTERS_AND_DIGITS)
    if not (length.isascii() and length.isdigit() and 1 <= int(length) <= _LENGTH_MAX):
        raise ValueError(f"{PASSWORD_LENGTH} must be 1 to {_LENGTH_MAX}, got {length!r}")
    if characters not in {LETTERS_AND_DIGITS, WITH_PUNCTUATION}:
        raise ValueError(f"{CHARACTERS} must be {LETTERS_AND_DIGITS} or {WITH_PUNCTUATION}, got {characters!r}")
    return Generator(int(length), characters, variables.get(EXCLUDE_CHARACTERS, ""))
