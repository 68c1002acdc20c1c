"""Refusals that say which construct was asked, where the rule itself knows of none."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from constructs_lib.errors import ConfigurationError

if TYPE_CHECKING:
    from constructs import IConstruct


@contextmanager
def refusals_of(construct: "IConstruct") -> Iterator[None]:
    """Put the path of a construct before each `ConfigurationError` of the block.

    Args:
        construct: Whom the refused value was given to.

    Raises:
        ConfigurationError: Whenever the block does.
    """
    try:
        yield
    except ConfigurationError as error:
        raise ConfigurationError(f"[{construct.node.path}] {error}") from error
