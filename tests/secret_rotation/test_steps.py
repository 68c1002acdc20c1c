"""The four steps: what each does, what it refuses, and that it may be killed and repeated anywhere."""

import pytest

from secret_rotation.errors import NotPending, SecretChanged, SecretUnusable, StepFailed
from secret_rotation.handler import rotate
from secret_rotation.labels import CURRENT, HANDED_OVER, PENDING, PREVIOUS
from tests.support.fake_secrets_manager import FIRST_VERSION, SECRET_ARN, FakeVersion, deleted_now, token_of
from tests.support.rotation_world import FIRST, STEPS, Killed, Kind, World

TOKEN, NEXT = token_of(1), token_of(2)
_MOMENTS = {Kind.GENERIC: 18, Kind.SINGLE: 40, Kind.ISSUED: 40, Kind.REISSUED: 40, Kind.ALTERNATING: 36}
EACH_KIND = pytest.mark.parametrize("kind", Kind)


class KillAt:
    """Counts calls, before and after each, and kills the function at one of these moments."""

    def __init__(self, moment: int) -> None:
        """Kill at the moment with this number."""
        self._left = moment

    def __call__(self, operation: str, when: str) -> None:
        """Count one."""
        self._left -= 1
        if self._left == -1:
            raise Killed(f"{when} {operation}")


def watched(kind: Kind, moment: int) -> World:
    world = World(kind)
    world.watch(KillAt(moment))
    return world


def is_killed(world: World, token: str) -> bool:
    """Rotate until killed; then again from the beginning, as Secrets Manager does."""
    begun = world.aws.rotate_secret(SECRET_ARN, token)
    for step in STEPS:
        try:
            world.invoke(step, begun)
        except Killed:
            world.check_readers()
            return True
        world.check_readers()
    return False


def check_finished(world: World, token: str) -> None:
    assert world.labels() == {CURRENT: token, PREVIOUS: FIRST_VERSION}
    assert world.works(CURRENT)
    assert world.secret.value_at(PREVIOUS) == FIRST[world.kind]
    assert world.secret.value_at(CURRENT) != FIRST[world.kind]


@EACH_KIND
def test_a_rotation_makes_a_new_value_current(kind: Kind) -> None:
    world = World(kind)

    for step in STEPS:
        if step == "createSecret":
            world.aws.rotate_secret(SECRET_ARN, TOKEN)
        world.invoke(step, TOKEN)
        world.check_readers()

    check_finished(world, TOKEN)


@EACH_KIND
def test_killed_before_and_after_every_call_and_repeated_it_ends_well(kind: Kind) -> None:
    killed = 0
    for moment in range(200):
        world = watched(kind, moment)
        if not is_killed(world, TOKEN):
            break
        killed += 1
        world.secret.forget_unlabelled()
        world.rotate(NEXT)  # which takes up the one that was killed, unless it had been finished
        world.check_readers()
        assert world.works(CURRENT)
        assert world.labels().keys() == {CURRENT, PREVIOUS}

    assert killed >= _MOMENTS[kind]


@EACH_KIND
def test_each_step_killed_and_repeated_alone_ends_well(kind: Kind) -> None:
    for moment in range(200):
        world = watched(kind, moment)
        world.aws.rotate_secret(SECRET_ARN, TOKEN)
        was_killed = False
        for step in STEPS:
            try:
                world.invoke(step, TOKEN)
            except Killed:
                was_killed = True
                world.check_readers()
                world.invoke(step, TOKEN)
        check_finished(world, TOKEN)
        if not was_killed:
            return
    pytest.fail("it was always killed")


@EACH_KIND
def test_killed_twice_it_still_ends_well(kind: Kind) -> None:
    for moment in range(0, 60, 7):
        world = watched(kind, moment)
        is_killed(world, TOKEN)
        world.watch(KillAt(moment // 2))
        is_killed(world, NEXT)
        world.watch(KillAt(10_000))
        world.rotate(token_of(3))
        assert world.works(CURRENT)
        assert world.labels().keys() == {CURRENT, PREVIOUS}


@EACH_KIND
def test_every_step_may_come_again_after_the_end(kind: Kind) -> None:
    world = World(kind)
    world.rotate(TOKEN)
    calls = len(world.aws.calls)

    for step in STEPS:
        world.invoke(step, TOKEN)

    assert world.aws.calls[calls:] == ["DescribeSecret"] * 4
    check_finished(world, TOKEN)


@EACH_KIND
def test_late_steps_of_the_rotation_before_change_nothing(kind: Kind) -> None:
    world = World(kind)
    world.rotate(TOKEN)
    world.aws.rotate_secret(SECRET_ARN, NEXT)
    for step in STEPS[:2]:
        world.invoke(step, NEXT)
    before = world.labels()

    for step in STEPS:
        world.invoke(step, TOKEN)

    assert world.labels() == before
    world.rotate(NEXT)
    for step in STEPS:
        with pytest.raises(NotPending, match=f"version {TOKEN} must be AWSPENDING, got \\['AWSPREVIOUS'\\]"):
            world.invoke(step, TOKEN)


@pytest.mark.parametrize("step", STEPS)
def test_refuses_a_version_that_is_not_pending(step: str) -> None:
    world = World(Kind.SINGLE)
    world.aws.rotate_secret(SECRET_ARN, TOKEN)

    with pytest.raises(NotPending, match="must be AWSPENDING, got \\[\\] with rotation turned on"):
        world.invoke(step, NEXT)

    assert world.aws.calls == ["DescribeSecret"]


@pytest.mark.parametrize("step", STEPS)
def test_refuses_to_go_on_after_a_cancellation(step: str) -> None:
    world = World(Kind.SINGLE)
    world.aws.rotate_secret(SECRET_ARN, TOKEN)
    for each in STEPS[:2]:
        world.invoke(each, TOKEN)
    world.aws.cancel_rotate_secret(SECRET_ARN)

    with pytest.raises(NotPending, match="got \\['AWSPENDING', 'HANDED_OVER'\\] with rotation turned off"):
        world.invoke(step, TOKEN)

    assert world.works(CURRENT)
    assert world.labels()[CURRENT] == FIRST_VERSION


def test_a_cancelled_rotation_is_taken_up_again() -> None:
    world = World(Kind.SINGLE)
    world.aws.rotate_secret(SECRET_ARN, TOKEN)
    for each in STEPS[:2]:
        world.invoke(each, TOKEN)
    world.aws.cancel_rotate_secret(SECRET_ARN)

    world.rotate(NEXT)

    check_finished(world, TOKEN)


def test_what_the_service_was_given_is_found_after_somebody_took_the_pending_label_away() -> None:
    world = World(Kind.SINGLE)
    world.aws.rotate_secret(SECRET_ARN, TOKEN)
    for each in STEPS[:2]:
        world.invoke(each, TOKEN)
    world.secret.versions[TOKEN].labels.remove(PENDING)
    world.secret.forget_unlabelled()
    assert not world.works(CURRENT)
    world.check_readers()

    world.rotate(NEXT)

    check_finished(world, NEXT)


def test_versions_that_nobody_labels_are_forgotten_and_rotation_goes_on() -> None:
    world = World(Kind.SINGLE)

    for number in range(1, 130):
        world.rotate(token_of(number))

    assert len(world.secret.versions) <= 101
    assert world.labels() == {CURRENT: token_of(129), PREVIOUS: token_of(128)}


@EACH_KIND
def test_a_secret_without_a_current_value(kind: Kind) -> None:
    world = World(kind)
    world.secret.versions.clear()
    world.service.passwords.clear()
    world.aws.rotate_secret(SECRET_ARN, TOKEN)

    if kind in {Kind.GENERIC, Kind.ISSUED, Kind.REISSUED}:
        for step in STEPS:
            world.invoke(step, TOKEN)
        assert world.labels() == {CURRENT: TOKEN}
        assert world.works(CURRENT)
    else:
        with pytest.raises(SecretUnusable, match="must have a current value with the fields beside password, got none"):
            world.invoke("createSecret", TOKEN)


@pytest.mark.parametrize("value", [None, FIRST[Kind.SINGLE]], ids=["empty", "copy"])
def test_a_test_without_a_rotation_tries_the_current_value(value: str | None) -> None:
    world = World(Kind.SINGLE)
    world.aws.begin_test(SECRET_ARN, TOKEN, value=value)

    world.invoke("testSecret", TOKEN)
    world.service.passwords["shop"] = "another"
    with pytest.raises(StepFailed, match="verify must return, got PermissionError"):
        world.invoke("testSecret", TOKEN)
    world.aws.end_test(SECRET_ARN, TOKEN)

    assert world.labels() == {CURRENT: FIRST_VERSION}
    world.service.passwords["shop"] = "first-password-0123456789"
    world.rotate(NEXT)
    check_finished(world, NEXT)


def test_a_test_before_anybody_put_a_value_has_nothing_to_try() -> None:
    world = World(Kind.SINGLE)
    world.secret.versions.clear()
    world.service.is_down = True
    world.aws.rotate_secret(SECRET_ARN, TOKEN)

    world.invoke("testSecret", TOKEN)

    with pytest.raises(SecretUnusable, match="must have a value, got none"):
        world.invoke("finishSecret", TOKEN)


@pytest.mark.parametrize(("kind", "step"), [(Kind.GENERIC, "finishSecret"), (Kind.SINGLE, "setSecret")])
def test_refuses_a_pending_version_without_a_value(kind: Kind, step: str) -> None:
    world = World(kind)
    world.aws.rotate_secret(SECRET_ARN, TOKEN)

    with pytest.raises(SecretUnusable, match="must have a value, got none: createSecret did not run"):
        world.invoke(step, TOKEN)

    assert world.labels() == {CURRENT: FIRST_VERSION, PENDING: TOKEN}


@EACH_KIND
def test_refuses_to_finish_with_a_value_that_the_service_does_not_accept(kind: Kind) -> None:
    if kind is Kind.GENERIC:
        return
    world = World(kind)
    world.aws.rotate_secret(SECRET_ARN, TOKEN)
    world.invoke("createSecret", TOKEN)
    world.service.keys.pop(TOKEN, None)

    with pytest.raises(StepFailed):
        world.invoke("finishSecret", TOKEN)

    assert world.labels()[CURRENT] == FIRST_VERSION
    world.check_readers()


def test_refuses_a_secret_that_is_scheduled_for_deletion() -> None:
    world = World(Kind.GENERIC)
    world.secret.deleted = deleted_now()

    with pytest.raises(SecretUnusable, match="must not be scheduled for deletion, got one that is"):
        world.invoke("createSecret", TOKEN)


def test_refuses_a_replica() -> None:
    world = World(Kind.GENERIC)
    world.secret.primary_region = "us-east-1"

    with pytest.raises(SecretUnusable, match="primary secret in us-east-1, got its replica in eu-central-1"):
        world.invoke("createSecret", TOKEN)


def test_the_primary_of_replicas_is_rotated() -> None:
    world = World(Kind.GENERIC)
    world.secret.primary_region = "eu-central-1"

    world.rotate(TOKEN)

    check_finished(world, TOKEN)


def test_the_rotation_token_goes_with_the_value() -> None:
    world = World(Kind.GENERIC)
    world.secret.rotation_token = "r" * 36
    world.aws.rotate_secret(SECRET_ARN, TOKEN)
    event = world.event("createSecret", TOKEN)

    rotate({**event, "RotationToken": "r" * 36}, None, deployment=world.deployment)

    assert world.secret.value_at(PENDING)


@EACH_KIND
def test_of_two_that_finish_at_once_both_succeed(kind: Kind) -> None:
    world = World(kind)
    world.aws.rotate_secret(SECRET_ARN, TOKEN)
    for step in STEPS[:3]:
        world.invoke(step, TOKEN)

    def meanwhile(operation: str, when: str) -> None:
        if (operation, when) == ("UpdateSecretVersionStage", "before"):
            world.aws.watch = lambda *_: None
            world.invoke("finishSecret", TOKEN)

    world.aws.watch = meanwhile
    world.invoke("finishSecret", TOKEN)

    check_finished(world, TOKEN)


def test_refuses_to_replace_a_current_version_that_it_did_not_see() -> None:
    world = World(Kind.GENERIC)
    world.aws.rotate_secret(SECRET_ARN, TOKEN)
    world.invoke("createSecret", TOKEN)

    def meanwhile(operation: str, when: str) -> None:
        if (operation, when) == ("UpdateSecretVersionStage", "before"):
            world.aws.watch = lambda *_: None
            world.secret.versions["by-hand"] = FakeVersion("by hand")
            world.secret.attach(CURRENT, "by-hand")

    world.aws.watch = meanwhile
    with pytest.raises(SecretChanged, match="AWSCURRENT must stay where it was seen"):
        world.invoke("finishSecret", TOKEN)

    assert world.labels()[CURRENT] == "by-hand"
    world.invoke("finishSecret", TOKEN)
    assert world.labels() == {CURRENT: TOKEN, PREVIOUS: "by-hand"}


def test_a_pending_label_that_secrets_manager_leaves_or_takes_is_gone_in_the_end() -> None:
    world = World(Kind.GENERIC)
    world.aws.rotate_secret(SECRET_ARN, TOKEN)
    world.invoke("createSecret", TOKEN)

    def meanwhile(operation: str, when: str) -> None:
        if (operation, when) == ("UpdateSecretVersionStage", "before") and world.labels()[CURRENT] == TOKEN:
            world.secret.versions[TOKEN].labels.discard(PENDING)

    world.aws.watch = meanwhile
    world.invoke("finishSecret", TOKEN)

    check_finished(world, TOKEN)


def test_the_value_before_the_last_one_is_revoked_and_the_last_one_is_not() -> None:
    world = World(Kind.ISSUED)
    world.rotate(TOKEN)
    assert world.works(PREVIOUS)

    world.rotate(NEXT)

    assert world.works(PREVIOUS)
    assert FIRST[Kind.ISSUED] not in world.service.keys.values()
    assert sorted(world.service.keys) == [TOKEN, NEXT]


def test_a_value_that_was_put_twice_is_not_revoked_while_it_is_current() -> None:
    world = World(Kind.ISSUED)
    world.secret.versions["put-before"] = FakeVersion(FIRST[Kind.ISSUED], {PREVIOUS})

    world.rotate(TOKEN)

    assert world.works(PREVIOUS)
    assert "first" in world.service.keys


@pytest.mark.parametrize("kind", [Kind.ISSUED, Kind.REISSUED])
def test_bytes_before_the_current_value_are_nothing_to_revoke(kind: Kind) -> None:
    world = World(kind)
    world.secret.versions["put-before"] = FakeVersion(b"bytes-0123456789", {PREVIOUS})

    world.rotate(TOKEN)

    assert world.works(CURRENT)
    assert "first" in world.service.keys


def test_a_handed_over_label_goes_when_the_end_is_only_told_again() -> None:
    world = World(Kind.SINGLE)
    world.rotate(TOKEN)
    world.secret.attach(HANDED_OVER, TOKEN)

    world.invoke("finishSecret", TOKEN)

    assert world.labels() == {CURRENT: TOKEN, PREVIOUS: FIRST_VERSION}
