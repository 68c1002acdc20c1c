"""RotationPlan: how the secrets of one function are rotated."""

from dataclasses import dataclass
from typing import Final

from secret_rotation.environment import Generator
from secret_rotation.errors import SecretUnusable
from secret_rotation.guarded_step import GuardedStep
from secret_rotation.secret_value import SecretValue
from secret_rotation.secret_versions import SecretVersions

_NOT_OF_TWO_USERS: Final = "must not be there with alternating users, whose values are drawn and never revoked"


@dataclass(frozen=True, slots=True)
class RotationPlan:
    """What is the same for every step of every rotation.

    Attributes:
        generator: How a new value is drawn.
        generated_field: The field of the JSON that gets it; None for a text.
        step: Talks to the service; None if nobody but the readers knows the secret.
        superuser: The superuser's secret; None for a single user.
    """

    generator: Generator
    generated_field: str | None = None
    step: GuardedStep | None = None
    superuser: SecretVersions | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be together.

        Raises:
            ValueError: If a step issues or retires the values of users who alternate.
        """
        if self.superuser is None or self.step is None:
            return
        if self.step.issues_values or self.step.retires_values:
            raise ValueError(f"propose and retire {_NOT_OF_TWO_USERS}, got a step that has one of them")

    def superuser_value(self) -> SecretValue | None:
        """Read the superuser's credentials.

        Returns:
            The credentials; None with a single user.

        Raises:
            SecretUnusable: If there are none.
        """
        if self.superuser is None:
            return None
        found = self.superuser.current_value()
        if found is None:
            raise SecretUnusable("secret of the superuser must have a current value, got none")
        return found
