"""TellsFields: a secret that says which fields its value has, for those that read it."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class TellsFields(Protocol):
    """A secret of this library."""

    @property
    def field_names(self) -> tuple[str, ...] | None:
        """The fields of its JSON; None for a text."""
