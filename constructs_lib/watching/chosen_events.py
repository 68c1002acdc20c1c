"""Which events a watch is told to tell: refused unless they are some of those that there are."""

from collections.abc import Collection
from enum import Enum

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken


def check_chosen(given: object, *, of: type[Enum], what: str) -> None:
    """Refuse what are no events of a kind, or none at all.

    Args:
        given: The events.
        of: Their kind.
        what: To what they happen.

    Raises:
        ConfigurationError: If they are something else.
    """
    if isinstance(given, str) or not isinstance(given, Collection):
        raise ConfigurationError(f"events must be a collection of {of.__name__}, got {given!r}")
    for event in given:
        if not isinstance(event, of):
            raise ConfigurationError(f"events must be members of {of.__name__}, got {spoken(event)}")
    if not given:
        raise ConfigurationError(f"events must say what is told of the {what}, got nothing")
