"""Refusal: a pending value that the service does not take, so that no rotation is stuck with it for ever."""

from collections.abc import Callable
from typing import Final, TypeVar

from secret_rotation.errors import NotPending, StepFailed
from secret_rotation.guarded_step import GuardedStep
from secret_rotation.handover import Handover
from secret_rotation.labels import PENDING, REFUSED, Labels
from secret_rotation.rotation_plan import RotationPlan
from secret_rotation.secret_value import SecretValue
from secret_rotation.secret_versions import SecretVersions

_T = TypeVar("_T")
GIVEN_UP: Final = "given up, rotate again"


class Refusal:
    """Decides whether the value of one pending version is given up.

    A pending value is never put twice, so one that the service never takes (against its rules for passwords, revoked
    meanwhile, of a generator that was wrong, without a field) would be tried again and again. It is given up when the
    service refused it twice while it accepted other credentials, and refuses it then. What the service may have
    accepted is found nevertheless: with a single user the version keeps `HANDED_OVER`, and with alternating users
    the superuser sets another password.
    """

    def __init__(self, versions: SecretVersions, *, plan: RotationPlan, step: GuardedStep, token: str) -> None:
        """Name the version.

        Args:
            versions: The secret.
            plan: How it is rotated.
            step: Talks to the service.
            token: The id of the version.
        """
        self._versions = versions
        self._plan = plan
        self._step = step
        self._token = token

    def watch(self, pending: SecretValue, call: Callable[[], _T]) -> _T:
        """Have the service do something with the pending value, and remember if it refuses it.

        Args:
            pending: The value.
            call: What is done.

        Returns:
            What came of it.

        Raises:
            NotPending: If it refused the value again; the version is not pending any more then.
            StepFailed: If it refused it for the first time, or may have refused it for another reason.
        """
        try:
            return call()
        except StepFailed:
            labels = self._versions.labels()
            if not self._is_refused(labels, pending):
                raise
            seen = labels.version_of(REFUSED)
            if seen != self._token:
                # Maybe the service was not well for a moment: the rotation is repeated once with this value.
                self._versions.move_label(REFUSED, to=self._token, taken_from=seen)
                raise
        raise self._given_up()

    def check_rival(self, labels: Labels, stored: SecretValue) -> None:
        """See what became of the version's value after the service was asked for another one with the same token.

        It may have revoked the first one for it.

        Args:
            labels: Where the labels are now.
            stored: The value that the version has.

        Raises:
            NotPending: If the service does not accept it; the version is not pending any more then.
        """
        if self._is_refused(labels, stored):
            raise self._given_up()

    def _given_up(self) -> NotPending:
        self._versions.move_label(PENDING, to=None, taken_from=self._token)
        self._versions.move_label(REFUSED, to=None, taken_from=self._token)
        # Another invocation may have got the value through just now, and have seen it pending still.
        Handover(self._versions, plan=self._plan, step=self._step, token=self._token).settle(self._token)
        return NotPending(f"pending value must be one that the service takes, got one that it refuses: {GIVEN_UP}")

    def _is_refused(self, labels: Labels, pending: SecretValue) -> bool:
        if not labels.is_under_way(self._token):
            return False
        known = [self._versions.current_value(), self._plan.superuser_value()]
        # One that is current as well is not given up: the next rotation replaces it.
        if pending in known or self._step.accepts(pending):
            return False
        # It refuses for sure if it lets others in at the same time. With a single user these are the credentials that
        # a service which accepts one value would have forgotten if it had accepted the pending one.
        return any(value is not None and self._step.accepts(value) for value in known)
