"""GuardedStep: calls a step of the user's own, and tells of its failures no more than what cannot hold a value."""

import importlib
from collections.abc import Callable
from typing import Final, Self, TypeVar, cast

from secret_rotation.errors import StepFailed
from secret_rotation.secret_value import SecretValue
from secret_rotation.service_step import IssuesValues, RetiresValues, ServiceStep

_T = TypeVar("_T")
_USERNAME_LENGTH: Final = 63


class GuardedStep:
    """A step whose exceptions are replaced: their text, and what is chained to them, may hold a value."""

    def __init__(self, step: ServiceStep) -> None:
        """Guard a step.

        Args:
            step: The step.
        """
        self._step = step

    @classmethod
    def named(cls, entry: str) -> Self:
        """Import a step and make it.

        Args:
            entry: `module:Class`, in the asset of the function.

        Returns:
            The step, guarded.

        Raises:
            ValueError: If there is no such class, or it lacks a method.
        """
        module, _, name = entry.partition(":")
        made = getattr(importlib.import_module(module), name, None)
        if not callable(made):
            raise ValueError(f"SERVICE_STEP must name a class of its module, got {entry!r}")  # noqa: TRY004  # of a text
        missing = [method for method in ("apply", "verify") if not callable(getattr(made, method, None))]
        if missing:
            raise ValueError(f"{entry} must have the methods apply and verify, got no {missing}")
        return cls(cast("ServiceStep", made()))

    @property
    def issues_values(self) -> bool:
        """Whether the service makes its values itself."""
        return isinstance(self._step, IssuesValues)

    @property
    def retires_values(self) -> bool:
        """Whether values before the current one are to be revoked."""
        return isinstance(self._step, RetiresValues)

    @property
    def username_length_max(self) -> int:
        """How long the name of a user may be: what the step says in an attribute of this name. Default: 63."""
        return int(getattr(self._step, "username_length_max", _USERNAME_LENGTH))

    def apply(self, *, current: SecretValue | None, pending: SecretValue, superuser: SecretValue | None) -> None:
        """Have the service accept a value.

        Args:
            current: What it accepts now.
            pending: What it should accept.
            superuser: Who may change users.

        Raises:
            StepFailed: If the step raised anything.
        """
        _guarded("apply", lambda: self._step.apply(current=current, pending=pending, superuser=superuser))

    def verify(self, value: SecretValue) -> None:
        """Make sure that the service accepts a value.

        Args:
            value: The value.

        Raises:
            StepFailed: If the step raised anything.
        """
        _guarded("verify", lambda: self._step.verify(value))

    def accepts(self, value: SecretValue) -> bool:
        """Say whether the service accepts a value.

        Args:
            value: The value.

        Returns:
            False if it does not, and if that could not be found out.
        """
        try:
            self.verify(value)
        except StepFailed:
            return False
        return True

    def propose(self, *, current: SecretValue | None, token: str) -> SecretValue:
        """Have the service make a value.

        Args:
            current: What readers have now.
            token: What the rotation is recognised by.

        Returns:
            The value.

        Raises:
            StepFailed: If the step raised anything or returned anything else.
        """
        step = cast("IssuesValues", self._step)
        made: object = _guarded("propose", lambda: step.propose(current=current, token=token))
        if not isinstance(made, SecretValue):
            raise StepFailed(f"propose must return a SecretValue, got {type(made).__name__}")
        return made

    def retire(self, previous: SecretValue) -> None:
        """Have the service revoke a value.

        Args:
            previous: The value.

        Raises:
            StepFailed: If the step raised anything.
        """
        step = cast("RetiresValues", self._step)
        _guarded("retire", lambda: step.retire(previous))


def _guarded(method: str, call: Callable[[], _T]) -> _T:
    failure = ""
    try:
        return call()
    except BaseException as error:  # noqa: BLE001  # cancelled tasks and interrupts too: their text may hold a value
        failure = type(error).__name__
    # Raised out here, where nothing is being handled, so that nothing is chained to it.
    raise StepFailed(f"{method} must return, got {failure}")
