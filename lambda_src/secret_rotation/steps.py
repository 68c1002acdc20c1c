"""The four steps of a rotation, each of which may be repeated at any time.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
"""

from typing import Final

from secret_rotation.errors import NotPending, SecretChanged, SecretUnusable
from secret_rotation.guarded_step import GuardedStep
from secret_rotation.handover import Handover
from secret_rotation.labels import CURRENT, HANDED_OVER, PENDING, PREVIOUS, REFUSED, Labels
from secret_rotation.new_value import new_value
from secret_rotation.refusal import GIVEN_UP, Refusal
from secret_rotation.rotation_event import RotationEvent, Step
from secret_rotation.rotation_plan import RotationPlan
from secret_rotation.secret_value import SecretValue
from secret_rotation.secret_versions import SecretVersions

NOTHING_LEFT: Final = "found the rotation finished"
FOUND: Final = "found the pending value"
NOBODY_TO_TELL: Final = "had no service to tell"


class Steps:
    """One rotation of one secret, of which every step begins by looking where the labels are now."""

    def __init__(self, versions: SecretVersions, *, plan: RotationPlan, event: RotationEvent) -> None:
        """Take what is to be rotated.

        Args:
            versions: The secret.
            plan: How it is rotated.
            event: Which step of which rotation.
        """
        self._versions = versions
        self._plan = plan
        self._event = event
        self._token = event.token

    def run(self) -> str:
        """Do the step of the event, or find it done.

        Returns:
            What was done, in words.

        Raises:
            RotationError: One of its kinds; the step can then be repeated, and leaves nothing that another one
                could not go on from.
        """
        labels = self._versions.labels()
        self._check_secret(labels)
        if labels.is_done(self._token):
            self._clean_up(labels)
            return NOTHING_LEFT
        if not labels.is_under_way(self._token):
            self._refuse(labels)
        steps = {
            Step.CREATE: self._create,
            Step.SET: self._set,
            Step.TEST: self._test,
            Step.FINISH: self._finish,
        }
        return steps[self._event.step](labels)

    def _create(self, _: Labels) -> str:
        if self._versions.text_of(self._token) is not None:
            return FOUND
        current = self._versions.current_value()
        if self._issues_values and self._versions.text_of(self._token) is not None:
            # Looked for once more: who asks a service for another value may make it revoke the first one.
            return FOUND
        value = new_value(self._versions, plan=self._plan, current=current, token=self._token)
        if self._versions.put_pending(self._token, value, rotation_token=self._event.rotation_token):
            return "gave the pending version a value"
        self._check_rival()
        return FOUND

    def _set(self, labels: Labels) -> str:
        if self._plan.step is None:
            return NOBODY_TO_TELL
        step, pending = self._plan.step, self._pending_value()
        self._refusal(step).watch(pending, lambda: self._handover(step).hand_over(labels, pending))
        return "handed the pending value over"

    def _test(self, _: Labels) -> str:
        if self._plan.step is None:
            return NOBODY_TO_TELL
        step, pending = self._plan.step, self._versions.value_of(self._token)
        if pending is not None:
            self._refusal(step).watch(pending, lambda: step.verify(pending))
            return "found the value accepted"
        # RotateSecret without RotateImmediately invokes this step alone, to try the configuration. AWS does not say
        # what the version holds that it makes for that; finishSecret refuses one without a value.
        current = self._versions.current_value()
        if current is None:
            return "found no value to test"
        step.verify(current)
        return "found the value accepted"

    def _finish(self, labels: Labels) -> str:
        step, pending = self._plan.step, self._pending_value()
        if labels.current != self._token:
            if step is not None:
                # Again: no value becomes current that the service does not accept.
                self._refusal(step).watch(pending, lambda: step.verify(pending))
                self._retire(labels, step, pending)
            moved = self._versions.move_label(CURRENT, to=self._token, taken_from=labels.current)
            labels = self._versions.labels()
            if not moved and labels.current != self._token:
                raise SecretChanged(f"{CURRENT} must stay where it was seen, got another version meanwhile")
        before = labels.version_of(PREVIOUS)
        # What was taken back meanwhile, because somebody cancelled, is the value before.
        if step is not None and self._plan.superuser is None and self._handover(step).settle(before):
            raise SecretChanged(f"{CURRENT} must be a value that the service takes, got back to the one before")
        self._clean_up(labels)
        return "made the pending version the current one"

    def _clean_up(self, labels: Labels) -> None:
        for label in (PENDING, HANDED_OVER):
            if labels.version_of(label) == self._token:
                # Secrets Manager takes AWSPENDING away by itself as well, so that it may be gone.
                self._versions.move_label(label, to=None, taken_from=self._token)
        refused = labels.version_of(REFUSED)
        if refused is not None and (refused == self._token or refused != labels.version_of(PENDING)):
            # Of this version or of one that was given up: it says nothing any more.
            self._versions.move_label(REFUSED, to=None, taken_from=refused)

    def _check_rival(self) -> None:
        # Another invocation put a value meanwhile. One that was drawn is as good as this one.
        stored, step = self._versions.text_of(self._token), self._plan.step
        if stored is None:
            # Bytes, put by somebody else. The service was never given them.
            self._versions.move_label(PENDING, to=None, taken_from=self._token)
            raise NotPending(f"pending version must hold a text, got bytes (SecretBinary): {GIVEN_UP}")
        if step is None or not self._issues_values:
            return
        labels = self._versions.labels()
        if labels.current == self._token:
            # Readers have what may be revoked now. The value before it is revoked by the next rotation only.
            if self._handover(step).settle(labels.version_of(PREVIOUS)):
                raise SecretChanged(f"{CURRENT} must be a value that the service accepts, got back to the one before")
        else:
            self._refusal(step).check_rival(labels, stored)

    def _retire(self, labels: Labels, step: GuardedStep, pending: SecretValue) -> None:
        version = labels.version_of(PREVIOUS)
        if not step.retires_values or version is None:
            return
        # Bytes are nothing that this function has put, and no step can revoke them.
        previous, current = self._versions.text_of(version), self._versions.current_value()
        if previous is not None and previous not in (pending, current):
            step.retire(previous)

    def _check_secret(self, labels: Labels) -> None:
        if labels.is_deleted:
            raise SecretUnusable("secret must not be scheduled for deletion, got one that is")
        if labels.primary_region not in {None, self._event.region}:
            raise SecretUnusable(
                f"SecretId must be the primary secret in {labels.primary_region}, got its replica in "
                f"{self._event.region}"
            )

    def _refuse(self, labels: Labels) -> None:
        # The service may have the value of a rotation that was cancelled after it was handed over.
        if self._plan.step is not None and labels.version_of(HANDED_OVER) == self._token != labels.current:
            self._handover(self._plan.step).settle(self._token)
        found = sorted(labels.versions.get(self._token, []))
        state = "turned on" if labels.is_rotating else "turned off"
        raise NotPending(f"version {self._token} must be {PENDING}, got {found} with rotation {state}")

    def _pending_value(self) -> SecretValue:
        found = self._versions.value_of(self._token)
        if found is None:
            raise SecretUnusable(f"version {self._token} must have a value, got none: createSecret did not run")
        return found

    @property
    def _issues_values(self) -> bool:
        return self._plan.step is not None and self._plan.step.issues_values

    def _refusal(self, step: GuardedStep) -> Refusal:
        return Refusal(self._versions, plan=self._plan, step=step, token=self._token)

    def _handover(self, step: GuardedStep) -> Handover:
        return Handover(self._versions, plan=self._plan, step=step, token=self._token)
