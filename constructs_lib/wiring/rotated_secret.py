"""TellsRotation: a secret that says who rotates it, for those that watch it."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class TellsRotation(Protocol):
    """A secret of this library, or its attachment to a database."""

    @property
    def rotated_by(self) -> tuple[str, ...] | None:
        """The ARN of the role that rotates it; empty if nobody does, None if nothing can name that role."""
