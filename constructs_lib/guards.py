"""Guards: what a key's policy refuses to whoever administers the key, each an explicit choice. No jsii.

A guard is a speed bump, not a wall: whoever may call `PutKeyPolicy` can take it away first. It makes that a second,
visible step. `docs/guards.md` has the service control policy that makes a wall of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from constructs_lib.actions import DELETE_IMPORTED_KEY_MATERIAL
from constructs_lib.errors import ConfigurationError
from constructs_lib.key_kind import KeyKind

WAITING_DAYS = range(7, 31)
"""https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html"""

ROTATION_DAYS = range(90, 2561)
"""https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html"""


class Grantable(Protocol):
    """Whoever the CDK can give a permission to, such as an `iam.Role`."""

    @property
    def grant_principal(self) -> object:
        """The principal."""


@dataclass(frozen=True, kw_only=True)
class OnlyDeletedBy:
    """Nobody schedules the key's deletion but these people and the deployers.

    It gives them nothing: whether they may comes from IAM or from being administrators. For a key with imported
    material it holds for deleting the material too: that needs no waiting period, and without a copy of the material
    the data is as lost as with the key.

    Attributes:
        people: Roles or users. They are known by their names, also those whom the rest of the policy knows by
            identity: a role that takes the name of one of them is spared as well, and still needs the permission.
    """

    people: Sequence[Grantable]

    def __post_init__(self) -> None:
        """Refuse nobody.

        Raises:
            ConfigurationError: If the people are not a sequence of principals, or nobody is among them.
        """
        _check_sequence("people", self.people, "IAM principals")
        for person in self.people:
            if not hasattr(person, "grant_principal"):
                raise ConfigurationError(f"people must be IAM principals or what has one, got {person!r}")
        if not self.people:
            raise ConfigurationError("people must name who may schedule the deletion, got nobody")


@dataclass(frozen=True, kw_only=True)
class WaitsAtLeast:
    """Nobody but the deployers schedules the key's deletion with a shorter waiting period.

    Who leaves the period out gets 30 days from KMS, the longest there is, and is not refused.
    https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html

    Attributes:
        days: The shortest waiting period, 7 to 30 days.
    """

    days: int

    def __post_init__(self) -> None:
        """Refuse a period that KMS does not have.

        Raises:
            ConfigurationError: If it is not a whole number of days, or out of range.
        """
        _check_days(self.days, WAITING_DAYS)


@dataclass(frozen=True, kw_only=True)
class KeepsLockoutCheck:
    """Nobody, deployers included, changes the key policy without KMS's check that he could change it again.

    It does not reach `ReplicateKey` of a multi-Region key, with which a policy is written too: KMS has no condition key
    for the check there.
    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-bypass-policy-lockout-safety-check
    """


@dataclass(frozen=True, kw_only=True)
class RotatesWithin:
    """Nobody but the deployers lets the key rotate less often, or not at all.

    Who leaves the period out gets 365 days from KMS, and is refused where that is too long.
    https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html

    Attributes:
        days: The longest time between two rotations, 90 to 2,560 days.
    """

    days: int

    def __post_init__(self) -> None:
        """Refuse a period that KMS does not have.

        Raises:
            ConfigurationError: If it is not a whole number of days, or out of range.
        """
        _check_days(self.days, ROTATION_DAYS)


Guard = OnlyDeletedBy | WaitsAtLeast | KeepsLockoutCheck | RotatesWithin


def check_guards(
    guards: Sequence[Guard], *, kind: KeyKind, waiting_days: int, rotation_days: int | None
) -> tuple[Guard, ...]:
    """Return guards that agree with each other and with the settings of their key.

    Args:
        guards: What the constructor of a key was given.
        kind: What the key can do.
        waiting_days: The waiting period of the key.
        rotation_days: The rotation period of the key; None if it does not rotate.

    Raises:
        ConfigurationError: If something is no guard, one stands twice, or the key does not keep to it.
    """
    _check_sequence("guards", guards, "guards")
    for guard in guards:
        if not isinstance(guard, Guard):
            raise ConfigurationError(f"guards must be guards such as WaitsAtLeast(days=14), got {guard!r}")
        if sum(type(other) is type(guard) for other in guards) > 1:
            raise ConfigurationError(f"guards must hold each guard once, got {type(guard).__name__} twice")
        if isinstance(guard, WaitsAtLeast) and waiting_days < guard.days:
            raise ConfigurationError(
                f"guards must allow the waiting period of the key, {waiting_days} days, got {guard}"
            )
        if isinstance(guard, RotatesWithin):
            _check_rotation(guard, kind, rotation_days)
    return tuple(guards)


def people_in(guards: Iterable[Guard]) -> tuple[Grantable, ...]:
    """Return whom guards name, to be read as the other people of the key are."""
    return tuple(person for guard in guards if isinstance(guard, OnlyDeletedBy) for person in guard.people)


def _check_rotation(guard: RotatesWithin, kind: KeyKind, rotation_days: int | None) -> None:
    if rotation_days is None or not kind.rotates:
        which = f"{kind.name} with imported material" if DELETE_IMPORTED_KEY_MATERIAL in kind.actions else kind.name
        raise ConfigurationError(f"guards must be without {guard} for {which}, which KMS does not rotate by itself")
    if rotation_days > guard.days:
        raise ConfigurationError(f"guards must allow the rotation period of the key, {rotation_days} days, got {guard}")


def _check_sequence(argument: str, given: object, what: str) -> None:
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise ConfigurationError(f"{argument} must be a sequence of {what}, got {type(given).__name__}")


def _check_days(days: int, allowed: range) -> None:
    if type(days) is not int or days not in allowed:
        raise ConfigurationError(f"days must be a whole number of {allowed.start} to {allowed.stop - 1}, got {days!r}")
