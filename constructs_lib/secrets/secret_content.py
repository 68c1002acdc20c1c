"""Content: what every kind of content of a secret says of itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a secret holds. Made by `Generated`, `Supplied` or `unsafe_value`, never directly.

    Attributes:
        field_names: Fields of its JSON; None for a text.
    """

    field_names: tuple[str, ...] | None

    @property
    def generate_secret_string(self) -> dict[str, Any] | None:
        """What CloudFormation is told to draw, in its own words; None if it draws nothing."""
        return None


def check_field_names(argument: str, names: Iterable[object]) -> None:
    """Refuse names that no field of a secret's JSON has, since nothing could refer to it.

    Args:
        argument: What a refusal calls them.
        names: The names.

    Raises:
        ConfigurationError: If one is no text, a token, or holds a colon.
    """
    for name in names:
        if not isinstance(name, str) or not name or cdk.Token.is_unresolved(name) or ":" in name:
            # A dynamic reference separates its parts by colons.
            raise ConfigurationError(f"{argument} must be names without a colon, got {spoken(name)}")
