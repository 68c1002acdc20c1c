"""Keys as people name them: in a sequence, by the alias that the app sees, or in a mapping, by one that is given."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import aws_cdk as cdk

from constructs_lib.alias_name import full_alias_name
from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

Keys = Sequence["kms.IKey"] | Mapping[str, "kms.IKey"]
"""Keys whose alias is seen in the app, or any keys by their alias."""


class NamedKey(NamedTuple):
    """A key as it was given.

    Attributes:
        argument: What a refusal calls it.
        alias: By which alias it was given, with the prefix `alias/`; None in a sequence.
        key: The key.
    """

    argument: str
    alias: str | None
    key: "kms.IKey"


def named_keys(keys: Keys) -> Iterator[NamedKey]:
    """Yield keys as they were given.

    Args:
        keys: In a sequence, or in a mapping by their alias.

    Raises:
        ConfigurationError: If they are in neither, or an alias is no literal name of one.
    """
    given: object = keys
    if isinstance(given, str) or not isinstance(given, (Mapping, Sequence)):
        raise ConfigurationError(f"keys must be a sequence of keys, or a mapping of alias to key, got {spoken(keys)}")
    if not isinstance(keys, Mapping):
        yield from (NamedKey(f"keys[{index}]", None, key) for index, key in enumerate(keys))
        return
    for alias, key in keys.items():
        if not isinstance(alias, str):
            raise ConfigurationError(f"keys must be named by aliases, got {spoken(alias)}")
        argument = f"keys[{alias!r}]"
        yield NamedKey(argument, check_literal(argument, full_alias_name(alias)), key)


def check_literal(argument: str, alias: str) -> str:
    """Return an alias that a person can read.

    Args:
        argument: What a refusal calls the key.
        alias: The alias.

    Raises:
        ConfigurationError: If it is known only when deployed.
    """
    if cdk.Token.is_unresolved(alias):
        raise ConfigurationError(f"{argument} must have a literal alias, which a person reads, got {alias}")
    return alias
