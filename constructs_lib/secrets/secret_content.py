"""Content: what every kind of content of a secret says of itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

_GENERATIONS = range(1, 1001)


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a secret holds. Made by `Generated`, `Supplied` or `unsafe_value`, never directly.

    Attributes:
        field_names: Fields of its JSON; None for a text.
        generation: Which one it is. A live secret gets another content under another number alone, on purpose.
    """

    field_names: tuple[str, ...] | None
    generation: int = 1

    def __post_init__(self) -> None:
        """Refuse what is no kind of content, names that no field has, and a generation that cannot be counted.

        Raises:
            ConfigurationError: If it is such.
        """
        if type(self) is Content:
            raise ConfigurationError("content must be made by Generated, Supplied or unsafe_value, got a bare Content")
        if self.field_names is not None:
            check_field_names("field_names", self.field_names)
        if (
            not isinstance(self.generation, int)
            or isinstance(self.generation, bool)
            or self.generation not in _GENERATIONS
        ):
            raise ConfigurationError(f"generation must be a whole number from 1 to 1000, got {spoken(self.generation)}")

    @property
    def pinned(self) -> object:
        """What must stay as it is while the secret lives, as JSON: where its value comes from, never the value."""
        return self.generate_secret_string or "supplied"

    @property
    def generate_secret_string(self) -> dict[str, Any] | None:
        """What CloudFormation is told to draw, in its own words; None if it draws nothing."""
        return None


def check_field_names(argument: str, names: Iterable[object]) -> None:
    """Refuse names that no field of a secret's JSON has, since nothing could refer to it, and one name for two fields.

    Args:
        argument: What a refusal calls them.
        names: The names.

    Raises:
        ConfigurationError: If one is no text, a token, or holds a colon, or comes twice.
    """
    seen = set[str]()
    for name in names:
        if not isinstance(name, str) or not name or cdk.Token.is_unresolved(name) or ":" in name:
            # A dynamic reference separates its parts by colons.
            raise ConfigurationError(f"{argument} must be names without a colon, got {spoken(name)}")
        if name in seen:
            raise ConfigurationError(f"{argument} must differ, got {name!r} twice")
        seen.add(name)
