"""Values that a function is told: refused by their argument unless of some class, or a whole number."""

from typing import TypeVar

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

_Given = TypeVar("_Given")


def check_instance(argument: str, given: _Given, wanted: type[_Given]) -> _Given:
    """Return a value of a class that has one.

    Args:
        argument: What a refusal calls it.
        given: The value.
        wanted: The class.

    Raises:
        ConfigurationError: If it is of another one.
    """
    if not isinstance(given, wanted):
        home = wanted.__module__ if wanted.__module__.startswith("aws_cdk") else "constructs_lib"
        article = "an" if wanted.__name__[0] in "AEIOU" else "a"
        raise ConfigurationError(f"{argument} must be {article} {wanted.__name__} of {home}, got {spoken(given)}")
    return given


def check_number(argument: str, given: int, allowed: range) -> None:
    """Refuse what is no whole number within limits, nothing said among it.

    Args:
        argument: What a refusal calls it.
        given: The number.
        allowed: Where it must be.

    Raises:
        ConfigurationError: If it is none, or outside.
    """
    if check_count(argument, given, allowed) is None:
        raise ConfigurationError(
            f"{argument} must be a whole number from {allowed.start} to {allowed.stop - 1}, got None"
        )


def check_count(argument: str, given: int | None, allowed: range | None = None) -> int | None:
    """Return a whole number.

    Args:
        argument: What a refusal calls it.
        given: The number, or None for none.
        allowed: Where it must be. Default: from 1.

    Raises:
        ConfigurationError: If it is none, or outside.
    """
    if given is None:
        return None
    # A bool is an int to Python; a token is a negative number to the CDK.
    is_number = isinstance(given, int) and not isinstance(given, bool)
    if not is_number or given < 1 or (allowed is not None and given not in allowed):
        where = "from 1" if allowed is None else f"from {allowed.start} to {allowed.stop - 1}"
        raise ConfigurationError(f"{argument} must be a whole number {where}, got {given!r}")
    return given
