"""Labels: which version of a secret has which staging label, at one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

CURRENT: Final = "AWSCURRENT"
PENDING: Final = "AWSPENDING"
PREVIOUS: Final = "AWSPREVIOUS"
HANDED_OVER: Final = "HANDED_OVER"
"""The version whose value the service was last given, from before that until it is the current one.

It is a label of this function's own. As long as a version has it, Secrets Manager does not delete that version, even if
somebody takes AWSPENDING away; so the only value that the service may accept besides the current one can be found.
"""
REFUSED: Final = "REFUSED"
"""The version whose value the service refused while it let others in. Another time, and the value is given up."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What `DescribeSecret` answered. Versions without a label are not in it, so it is never a long list.

    Attributes:
        is_rotating: Whether rotation is turned on; `CancelRotateSecret` turns it off.
        is_deleted: Whether the secret is scheduled for deletion.
        primary_region: The Region of the primary secret; None if the secret has no replicas.
        versions: The label of each labelled version, by version id.
    """

    is_rotating: bool
    is_deleted: bool
    primary_region: str | None
    versions: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Self:
        """Read an answer of `DescribeSecret`.

        Args:
            answer: The answer.

        Returns:
            What matters for rotation.
        """
        return cls(
            is_rotating=answer.get("RotationEnabled") is True,
            is_deleted=answer.get("DeletedDate") is not None,
            primary_region=answer.get("PrimaryRegion"),
            versions=answer.get("VersionIdsToStages", {}),
        )

    def version_of(self, label: str) -> str | None:
        """Find the version that has a label.

        Args:
            label: The label.

        Returns:
            The version's id; None if no version has it.
        """
        return next((version for version, labels in self.versions.items() if label in labels), None)

    @property
    def current(self) -> str | None:
        """The version that readers get."""
        return self.version_of(CURRENT)

    def is_done(self, token: str) -> bool:
        """Say whether a version's rotation is over, with success.

        Args:
            token: The version's id.

        Returns:
            True if it is the current one, and not pending as well.
        """
        return self.current == token and self.version_of(PENDING) != token

    def is_under_way(self, token: str) -> bool:
        """Say whether a version is being rotated.

        Args:
            token: The version's id.

        Returns:
            True if it is pending and nobody cancelled.
        """
        return self.is_rotating and self.version_of(PENDING) == token
