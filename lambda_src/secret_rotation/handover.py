"""Handing a value over to the service, so that what the service accepts can be found whatever happens."""

from typing import Final

from secret_rotation.alternating_users import USERNAME, other_user, username_of
from secret_rotation.errors import NotPending, SecretChanged, StepFailed
from secret_rotation.guarded_step import GuardedStep
from secret_rotation.labels import CURRENT, HANDED_OVER, PENDING, Labels
from secret_rotation.rotation_plan import RotationPlan
from secret_rotation.secret_value import SecretValue
from secret_rotation.secret_versions import SecretVersions

_TURNS: Final = 4


class Handover:
    """Gives the service the value of one version.

    With a single user the service accepts one value. From before the pending one is handed over, its version has the
    label `HANDED_OVER`, until it is the current one: what the service accepts is the current value or that one.
    With alternating users the current user is not touched, and there is no such label.
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

    def hand_over(self, labels: Labels, pending: SecretValue) -> None:
        """Have the service accept the pending value, and take it back if the rotation was cancelled meanwhile.

        Args:
            labels: Where the labels were when this version was seen to be pending.
            pending: Its value.

        Raises:
            NotPending: If the rotation was cancelled; the service accepts the current value again. Or if the pending
                value is not for the user whose turn it is; it is not pending any more then.
            SecretChanged: If a label was moved meanwhile: the step can be repeated.
            StepFailed: If the service did not do it.
        """
        is_first = labels.current in {None, self._token}
        current = None if is_first or labels.current is None else self._versions.value_of(labels.current)
        if self._plan.superuser is None:
            self._mark(labels)
        elif current is not None:
            self._check_user(current, pending)
        self._step.apply(current=current, pending=pending, superuser=self._plan.superuser_value())
        after = self._versions.labels()
        if after.current == self._token:
            return
        if not after.is_under_way(self._token):
            self.settle(self._token)
            raise NotPending(f"version {self._token} must be pending, got a rotation that was cancelled meanwhile")
        if self._plan.superuser is not None and after.current != labels.current:
            # The current user may be the pending one now: somebody went back to the version before.
            self.settle(self._token)
            raise SecretChanged(f"{CURRENT} must stay where it was seen, got another version meanwhile")

    def settle(self, version: str | None) -> bool:
        """Have the service accept the current value, unless it does.

        Who moves AWSCURRENT looks at the service afterwards, and who gives the service a value looks at AWSCURRENT
        afterwards: of two that come together, the later one sees what the other did.

        Args:
            version: The version whose value the service was given, as far as is known. It is read if need be.

        Returns:
            True if it is the other way round: AWSCURRENT went to that version, since the service accepts its value and
            does not take the current one back, as by a rule against former passwords.

        Raises:
            SecretChanged: If the service does not accept what is current after several turns.
            StepFailed: If the service did not do it.
        """
        has_gone_over = False
        given: SecretValue | None = None
        for _ in range(_TURNS):
            current = self._versions.current_value()
            if current is None or self._step.accepts(current):
                return has_gone_over
            if given is None and version is not None:
                given = self._versions.value_of(version)
            if self._is_of_another_user(current, given):
                return has_gone_over
            try:
                self._step.apply(current=given, pending=current, superuser=self._plan.superuser_value())
            except StepFailed:
                if not self._go_over(version):
                    raise
                has_gone_over = True
            given = current
        raise SecretChanged(f"service must accept the value of {CURRENT}, got none of it in {_TURNS} turns")

    def _mark(self, labels: Labels) -> None:
        before = labels.version_of(HANDED_OVER)
        if before == self._token:
            return
        # What a rotation that did not end has left: only its label leads to what the service may accept, so it stays
        # there until the service accepts the current value.
        if before not in {None, labels.current} and self.settle(before):
            raise SecretChanged(f"{CURRENT} must be a value that the service takes back, got the one handed over")
        if not self._versions.move_label(HANDED_OVER, to=self._token, taken_from=before):
            raise SecretChanged(f"{HANDED_OVER} must stay where it was seen, got another version meanwhile")

    def _check_user(self, current: SecretValue, pending: SecretValue) -> None:
        turn = other_user(username_of(current), longest=self._step.username_length_max)
        if _user_in(pending) != turn:
            # It came too late, and the current user is never touched. Nobody needs it: the superuser can always set
            # another one. With its label it would be taken up again and again.
            self._versions.move_label(PENDING, to=None, taken_from=self._token)
            raise NotPending(
                "pending version must be for the user whose turn it is, got another: given up, rotate again"
            )

    def _go_over(self, version: str | None) -> bool:
        labels = self._versions.labels()
        if version is not None and version == labels.current:
            return True  # somebody else moved it there meanwhile
        given = None if version is None else self._versions.text_of(version)
        if given is None or not self._step.accepts(given):
            return False
        return self._versions.move_label(CURRENT, to=version, taken_from=labels.current)

    def _is_of_another_user(self, current: SecretValue, given: SecretValue | None) -> bool:
        return self._plan.superuser is not None and given is not None and _user_in(current) != _user_in(given)


def _user_in(value: SecretValue) -> object:
    return value.fields.get(USERNAME) if value.is_object else None
