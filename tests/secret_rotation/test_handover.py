"""Handing over: what the service is given can be found, and is taken back when somebody cancels."""

import pytest

from secret_rotation.errors import NotPending, SecretChanged, StepFailed
from secret_rotation.labels import CURRENT, HANDED_OVER, PENDING, PREVIOUS, REFUSED
from tests.support.fake_secrets_manager import FIRST_VERSION, SECRET_ARN, FakeVersion, token_of
from tests.support.rotation_world import STEPS, Killed, Kind, World, once_at

TOKEN, NEXT = token_of(1), token_of(2)
SERVED = pytest.mark.parametrize("kind", [Kind.SINGLE, Kind.ISSUED, Kind.REISSUED, Kind.ALTERNATING])


def world_with_value(kind: Kind, *, steps: int = 1) -> World:
    world = World(kind)
    world.aws.rotate_secret(SECRET_ARN, TOKEN)
    for step in STEPS[:steps]:
        world.invoke(step, TOKEN)
    return world


def test_the_version_is_labelled_before_the_service_is_given_its_value() -> None:
    world = world_with_value(Kind.SINGLE)

    def look() -> None:
        assert world.labels()[HANDED_OVER] == TOKEN
        assert world.works(CURRENT)

    once_at(world, ("apply", "before"), look)
    world.invoke("setSecret", TOKEN)

    assert world.works(HANDED_OVER)
    assert not world.works(CURRENT)


def test_the_current_user_is_never_touched() -> None:
    world = World(Kind.ALTERNATING)

    for number in range(1, 5):
        current = world.secret.value_at(CURRENT)
        world.rotate(token_of(number))
        assert world.secret.value_at(PREVIOUS) == current
        assert world.works(PREVIOUS)

    assert world.service.changes == ["shop_clone", "shop", "shop_clone", "shop"]
    assert HANDED_OVER not in world.labels()


@SERVED
def test_a_cancellation_while_the_service_is_told_is_taken_back(kind: Kind) -> None:
    world = world_with_value(kind)
    once_at(world, ("apply", "after"), lambda: world.aws.cancel_rotate_secret(SECRET_ARN))

    with pytest.raises(NotPending, match="got a rotation that was cancelled meanwhile"):
        world.invoke("setSecret", TOKEN)

    assert world.works(CURRENT)
    assert world.labels()[CURRENT] == FIRST_VERSION


def test_a_cancellation_that_cannot_be_taken_back_is_told_and_the_next_rotation_does_it() -> None:
    world = world_with_value(Kind.SINGLE)

    def cancel() -> None:
        world.aws.cancel_rotate_secret(SECRET_ARN)
        world.secret.versions[TOKEN].labels.remove(PENDING)
        world.service.is_down = True

    once_at(world, ("apply", "after"), cancel)
    with pytest.raises(StepFailed, match="apply must return, got ConnectionError"):
        world.invoke("setSecret", TOKEN)
    world.check_readers()

    world.service.is_down = False
    world.rotate(NEXT)

    assert world.works(CURRENT)
    assert world.labels() == {CURRENT: NEXT, PREVIOUS: FIRST_VERSION}


@SERVED
def test_a_rotation_that_another_invocation_ended_meanwhile_is_well(kind: Kind) -> None:
    world = world_with_value(kind)

    def end() -> None:
        for step in STEPS[1:]:
            world.invoke(step, TOKEN)

    once_at(world, ("apply", "after"), end)
    world.invoke("setSecret", TOKEN)

    assert world.works(CURRENT)
    assert world.labels() == {CURRENT: TOKEN, PREVIOUS: FIRST_VERSION}


def test_a_late_value_of_a_cancelled_rotation_does_not_outlast_the_next_one() -> None:
    world = world_with_value(Kind.SINGLE)

    def cancel_and_rotate() -> None:
        world.aws.cancel_rotate_secret(SECRET_ARN)
        world.secret.versions[TOKEN].labels.remove(PENDING)
        world.rotate(NEXT)

    # The service is asked by a step that knows a password which was right when it began.
    once_at(world, ("UpdateSecretVersionStage", "before"), cancel_and_rotate)
    with pytest.raises(StepFailed, match="apply must return, got PermissionError"):
        world.invoke("setSecret", TOKEN)

    assert world.works(CURRENT)
    assert world.labels()[CURRENT] == NEXT
    assert world.secret.version_of(REFUSED) is None
    world.rotate(token_of(3))
    assert world.works(CURRENT)


def test_who_ends_a_rotation_that_is_taken_back_at_that_moment_sees_it() -> None:
    world = world_with_value(Kind.SINGLE, steps=3)

    def cancel() -> None:
        world.aws.cancel_rotate_secret(SECRET_ARN)
        with pytest.raises(NotPending):
            world.invoke("testSecret", TOKEN)
        assert world.works(CURRENT)

    once_at(world, ("UpdateSecretVersionStage", "before"), cancel)
    world.invoke("finishSecret", TOKEN)

    assert world.labels() == {CURRENT: TOKEN, PREVIOUS: FIRST_VERSION}
    assert world.works(CURRENT)


def test_who_takes_back_sees_what_becomes_current_meanwhile() -> None:
    world = world_with_value(Kind.SINGLE, steps=2)
    world.aws.cancel_rotate_secret(SECRET_ARN)
    once_at(world, ("apply", "after"), lambda: world.secret.attach(CURRENT, TOKEN))

    with pytest.raises(NotPending):
        world.invoke("testSecret", TOKEN)

    assert world.labels()[CURRENT] == TOKEN
    assert world.works(CURRENT)


def test_refuses_to_chase_a_label_that_never_stays() -> None:
    world = world_with_value(Kind.SINGLE, steps=2)
    world.aws.cancel_rotate_secret(SECRET_ARN)
    versions = iter(f"by-hand-{number}" for number in range(10))

    def meanwhile(operation: str, when: str) -> None:
        if (operation, when) == ("apply", "after"):
            name = next(versions)
            world.secret.versions[name] = FakeVersion(f'{{"username": "shop", "password": "{name}"}}')
            world.secret.attach(CURRENT, name)

    world.service.watch = meanwhile
    with pytest.raises(SecretChanged, match="service must accept the value of AWSCURRENT, got none of it in 4 turns"):
        world.invoke("testSecret", TOKEN)


def test_refuses_when_the_handed_over_label_moves_meanwhile() -> None:
    world = world_with_value(Kind.SINGLE)

    def meanwhile() -> None:
        world.secret.versions["another"] = FakeVersion("another")
        world.secret.attach(HANDED_OVER, "another")

    once_at(world, ("UpdateSecretVersionStage", "before"), meanwhile)
    with pytest.raises(SecretChanged, match="HANDED_OVER must stay where it was seen"):
        world.invoke("setSecret", TOKEN)

    assert world.works(CURRENT)


def test_refuses_a_pending_value_of_the_current_user() -> None:
    world = world_with_value(Kind.ALTERNATING)
    world.secret.versions["by-hand"] = FakeVersion('{"username": "shop_clone", "password": "by-hand"}')
    world.secret.attach(CURRENT, "by-hand")

    world.service.passwords["shop_clone"] = "by-hand"

    with pytest.raises(NotPending, match="must be for the user whose turn it is, got another: given up"):
        world.invoke("setSecret", TOKEN)

    assert world.service.changes == []
    assert PENDING not in world.labels()
    world.rotate(NEXT)
    assert world.service.changes == ["shop"]
    assert world.labels() == {CURRENT: NEXT, PREVIOUS: "by-hand"}


def test_a_user_that_becomes_the_current_one_meanwhile_gets_his_password_back() -> None:
    world = World(Kind.ALTERNATING)
    world.rotate(TOKEN)
    world.aws.rotate_secret(SECRET_ARN, NEXT)
    world.invoke("createSecret", NEXT)
    once_at(world, ("apply", "after"), lambda: world.secret.attach(CURRENT, FIRST_VERSION))

    with pytest.raises(SecretChanged, match="AWSCURRENT must stay where it was seen"):
        world.invoke("setSecret", NEXT)

    assert world.labels()[CURRENT] == FIRST_VERSION
    assert world.works(CURRENT)


def test_not_even_a_current_user_who_is_refused_is_touched() -> None:
    world = world_with_value(Kind.ALTERNATING)

    def cancel() -> None:
        world.aws.cancel_rotate_secret(SECRET_ARN)
        world.service.passwords["shop"] = "changed-by-hand"

    once_at(world, ("apply", "after"), cancel)
    with pytest.raises(NotPending):
        world.invoke("setSecret", TOKEN)

    assert world.service.passwords["shop"] == "changed-by-hand"


def test_a_label_left_on_the_current_version_says_nothing() -> None:
    world = world_with_value(Kind.SINGLE)
    world.secret.attach(HANDED_OVER, FIRST_VERSION)
    asked: list[str] = []
    world.service.watch = lambda operation, _: asked.append(operation)

    world.invoke("setSecret", TOKEN)

    assert asked == ["apply", "apply"]
    assert world.labels()[HANDED_OVER] == TOKEN


def test_a_value_left_without_the_next_rotation_is_put_right_before_its_label_moves() -> None:
    world = world_with_value(Kind.SINGLE, steps=2)
    world.aws.cancel_rotate_secret(SECRET_ARN)
    world.secret.versions[TOKEN].labels.remove(PENDING)
    world.aws.rotate_secret(SECRET_ARN, NEXT)
    world.invoke("createSecret", NEXT)

    def die() -> None:
        assert world.works(CURRENT)
        raise Killed

    once_at(world, ("UpdateSecretVersionStage", "before"), die)
    with pytest.raises(Killed):
        world.invoke("setSecret", NEXT)

    world.rotate(NEXT)
    assert world.works(CURRENT)
    assert world.labels()[CURRENT] == NEXT
