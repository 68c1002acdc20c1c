"""Rotations, retries, duplicates, cancellations and failures in any order, one call at a time."""

import json
import os
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from secret_rotation.errors import NotPending, RotationError, SecretChanged, StepFailed
from secret_rotation.labels import CURRENT, HANDED_OVER, PENDING, PREVIOUS
from tests.support.fake_secrets_manager import SECRET_ARN, FakeVersion, token_of
from tests.support.interleaved import Interleaving, Invocation
from tests.support.rotation_world import STEPS, Killed, Kind, World

EVERY_ONE = os.environ.get("EVERY_ROTATION") == "1"
_AT_ONCE, _TO_THE_END = 3, 60
_ROTATIONS_TO_GET_OUT = 4
"""Out of a value that the service refuses: seen, seen again and given up, and rotated; one more for a late user."""
CALLS = st.sampled_from([1, 2, 3, 5, 8, 12, 17, _TO_THE_END])


class RotationMachine(RuleBasedStateMachine):
    """What Secrets Manager, operators and bad luck can do to a rotation."""

    kind: Kind

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self.kind)
        self.together = Interleaving()
        self.world.aws.watch = self.world.service.watch = self.together.pause
        self.rotations = 0
        self.under_way: str | None = None
        self.reached: dict[str, int] = {}
        self.ordered: Invocation | None = None
        self.finished = self.by_hand = self.tests = 0
        self.was_current_revoked = False

    @initialize(remembers_former=st.booleans())
    def rules_for_passwords(self, remembers_former: bool) -> None:  # noqa: FBT001  # drawn
        """The service may take no former password again."""
        self.world.service.remembers_former = remembers_former

    @rule()
    def rotate(self) -> None:
        """Rotate, or take up the rotation that did not end."""
        if self.ordered is None:
            self.rotations += 1
            self.under_way = self.world.aws.rotate_secret(SECRET_ARN, token_of(self.rotations))
            self.reached.setdefault(self.under_way, 0)
            self._next = 0

    @precondition(lambda self: self.under_way is not None)
    @rule(calls=CALLS)
    def go_on(self, calls: int) -> None:
        """Secrets Manager invokes the next step, after the one before has answered, and it makes some calls."""
        assert self.under_way is not None
        self.ordered = self.ordered or self._start(STEPS[self._next], self.under_way)
        self._advance(self.ordered, calls)

    @precondition(lambda self: self.under_way is not None and self.ordered is None)
    @rule(steps=st.integers(1, 4))
    def some_steps(self, steps: int) -> None:
        """Several steps, one after the other."""
        for _ in range(steps):
            if self.under_way is not None:
                self.go_on(_TO_THE_END)

    @precondition(lambda self: self.reached and len(self.together.running) < _AT_ONCE)
    @rule(data=st.data(), calls=CALLS)
    def duplicate(self, data: st.DataObject, calls: int) -> None:
        """A step comes again, late, and makes some calls."""
        token = data.draw(st.sampled_from(sorted(self.reached)))
        self._advance(self._start(STEPS[data.draw(st.integers(0, self.reached[token]))], token), calls)

    @precondition(lambda self: self.together.running)
    @rule(data=st.data(), calls=CALLS)
    def advance(self, data: st.DataObject, calls: int) -> None:
        """Let one that is running make some calls."""
        self._advance(self._one_of_those_running(data), calls)

    @precondition(lambda self: self.together.running)
    @rule(data=st.data())
    def kill(self, data: st.DataObject) -> None:
        """Kill one, but not between a change and the look after it if others ran meanwhile: see the page."""
        chosen = self._one_of_those_running(data)
        if not (chosen.has_changed and chosen.others_ran):
            self.together.kill(chosen)
            self._look_at_ordered()

    @rule()
    def cancel(self) -> None:
        """Call CancelRotateSecret: the steps that are running go on, and no other follows."""
        self.world.aws.cancel_rotate_secret(SECRET_ARN)
        self.under_way = self.ordered = None

    @precondition(lambda self: self.under_way is None)
    @rule()
    def take_pending_away(self) -> None:
        """Somebody cleans up by hand."""
        pending = self.world.secret.version_of(PENDING)
        if pending is not None:
            self.world.secret.versions[pending].labels.remove(PENDING)

    @precondition(lambda self: self.kind is Kind.SINGLE or self._may_be_changed_by_hand())
    @rule()
    def change_by_hand(self) -> None:
        """Somebody changes the current user's password, at the service and in the secret.

        Not of one of two users while a step runs, which may be about to give him the one that it knows: see the page.
        """
        user = json.loads(str(self.world.secret.value_at(CURRENT)))["username"]
        self.by_hand += 1
        version = token_of(2000 + self.by_hand)
        password = f"by-hand-{self.by_hand}"
        self.world.service.passwords[user] = password
        self.world.secret.versions[version] = FakeVersion(json.dumps({"username": user, "password": password}))
        self.world.secret.attach(CURRENT, version)

    @precondition(lambda self: self.kind in {Kind.SINGLE, Kind.ALTERNATING})
    @rule()
    def ban(self) -> None:
        """The pending password turns out to be against the rules, for ever."""
        pending = self.world.secret.value_at(PENDING)
        if pending is not None:
            self.world.service.banned.add(json.loads(str(pending))["password"])

    @precondition(lambda self: self.kind in {Kind.ISSUED, Kind.REISSUED} and not self.together.running)
    @rule()
    def revoke(self) -> None:
        """Somebody revokes the pending key."""
        pending = self.world.secret.value_at(PENDING)
        if pending is not None and pending != self.world.secret.value_at(CURRENT):
            keys = self.world.service.keys
            self.world.service.keys = {name: key for name, key in keys.items() if key != pending}

    @precondition(lambda self: not self.together.running and self.world.secret.version_of(PENDING) is None)
    @rule(is_empty=st.booleans())
    def try_configuration(self, is_empty: bool) -> None:  # noqa: FBT001  # drawn
        """Somebody changes the schedule without rotating, for which testSecret alone is invoked."""
        self.tests += 1
        token = token_of(3000 + self.tests)
        value = None if is_empty else str(self.world.secret.value_at(CURRENT))
        self.world.aws.begin_test(SECRET_ARN, token, value=value)
        with suppress(RotationError):
            self.world.invoke("testSecret", token)
        self.world.aws.end_test(SECRET_ARN, token)

    @rule()
    def forget(self) -> None:
        """Secrets Manager deletes what has no label."""
        self.world.secret.forget_unlabelled()

    @rule(is_down=st.booleans())
    def service(self, is_down: bool) -> None:  # noqa: FBT001  # drawn
        """The service goes or comes."""
        self.world.service.is_down = is_down

    @rule(operation=st.sampled_from(["DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"]))
    def throttle(self, operation: str) -> None:
        """The next such call is refused."""
        self.world.aws.refusals.setdefault(operation, []).append("ThrottlingException")

    @invariant()
    def readers_get_what_works(self) -> None:
        """Hold whatever happened."""
        self._check()

    def teardown(self) -> None:
        """Let everything end; then one rotation puts everything right, and another one follows."""
        self.world.aws.refusals.clear()
        self.world.service.is_down = False
        while self.together.running:
            self.together.advance(self.together.running[0])
        assert any(self._is_rotated(token_of(1000 + tries)) for tries in range(_ROTATIONS_TO_GET_OUT)), "stuck"
        for number in (1101, 1102):
            self.world.rotate(token_of(number))
            assert self.world.works(CURRENT)
            assert self.world.labels().keys() == {CURRENT, PREVIOUS}
            assert self.world.secret.value_at(PREVIOUS)

    def _may_be_changed_by_hand(self) -> bool:
        return self.kind is Kind.ALTERNATING and not self.together.running

    def _is_rotated(self, token: str) -> bool:
        try:
            self.world.rotate(token)
        except (NotPending, SecretChanged, StepFailed):
            return False
        return True

    def _check(self) -> None:
        assert self.world.secret.value_at(CURRENT), "readers see an empty current version"
        pending = [name for name, version in self.world.secret.versions.items() if PENDING in version.labels]
        assert len(pending) <= 1
        if self.finished:
            assert self.world.secret.value_at(PREVIOUS)
        if self.kind is Kind.REISSUED:
            # A late proposal may revoke what is current already: see the page.
            self.was_current_revoked |= self.world.secret.value_at(CURRENT) in self.world.service.superseded
            assert self.world.works(CURRENT) or self.was_current_revoked
        elif self.kind is not Kind.SINGLE:
            assert self.world.works(CURRENT)
        elif not any(each.has_changed and each.others_ran for each in self.together.running):
            self.world.check_readers()

    def _advance(self, chosen: Invocation, calls: int) -> None:
        for _ in range(calls):
            if not chosen.is_over:
                self.together.advance(chosen)
                self._check()
        if chosen.is_over:
            assert isinstance(chosen.failure, RotationError | Killed | None), chosen.failure
            handed = self.world.secret.version_of(HANDED_OVER)
            if isinstance(chosen.failure, NotPending) and handed in {None, chosen.token} and not chosen.others_ran:
                assert self.world.works(CURRENT) or self.was_current_revoked, "a cancelled rotation was not taken back"
        self._look_at_ordered()

    def _start(self, step: str, token: str) -> Invocation:
        self.reached[token] = max(self.reached.get(token, 0), STEPS.index(step))
        return self.together.start(lambda: self.world.invoke(step, token), token=token, step=step)

    def _one_of_those_running(self, data: st.DataObject) -> Invocation:
        chosen = data.draw(st.integers(0, len(self.together.running) - 1))
        return self.together.running[chosen]

    def _look_at_ordered(self) -> None:
        ended = self.ordered
        if ended is None or not ended.is_over:
            return
        self.ordered = None
        if ended.failure is not None:
            self._next = 0
        elif self._next == len(STEPS) - 1:
            self.under_way, self.finished = None, self.finished + 1
        else:
            self._next += 1


@pytest.mark.parametrize("kind", Kind)
def test_whatever_comes_in_whatever_order(kind: Kind) -> None:
    machine: Any = type(f"Machine{kind.name}", (RotationMachine,), {"kind": kind})
    case = machine.TestCase
    case.settings = settings(max_examples=1000 if EVERY_ONE else 30, stateful_step_count=40, deadline=None)
    case("runTest").runTest()
