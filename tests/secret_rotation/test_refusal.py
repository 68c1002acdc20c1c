"""Pending values that the service never takes: they are given up, and what it may have accepted is not lost."""

import json

import pytest

from secret_rotation.errors import NotPending, SecretChanged, StepFailed
from secret_rotation.labels import CURRENT, HANDED_OVER, PENDING, PREVIOUS, REFUSED
from tests.support.fake_secrets_manager import FIRST_VERSION, SECRET_ARN, FakeVersion, token_of
from tests.support.rotation_world import STEPS, Kind, World, once_at

TOKEN, NEXT = token_of(1), token_of(2)
SERVED = pytest.mark.parametrize("kind", [each for each in Kind if each is not Kind.GENERIC])
GIVEN_UP = "pending value must be one that the service takes, got one that it refuses: given up, rotate again"


def pending_world(kind: Kind) -> World:
    world = World(kind)
    world.aws.rotate_secret(SECRET_ARN, TOKEN)
    world.invoke("createSecret", TOKEN)
    return world


def refusing_world(kind: Kind) -> World:
    """A pending value that is against the rules for passwords, or a key that somebody revoked."""
    world = pending_world(kind)
    value = str(world.secret.value_at(PENDING))
    world.service.banned = {json.loads(value)["password"]} if value.startswith("{") else set()
    world.service.keys.pop(TOKEN, None)
    return world


@SERVED
def test_a_value_that_is_refused_twice_is_given_up_and_the_next_one_is_taken(kind: Kind) -> None:
    world = refusing_world(kind)

    with pytest.raises(StepFailed):
        world.rotate(NEXT)
    assert world.secret.version_of(REFUSED) == world.secret.version_of(PENDING) == TOKEN
    with pytest.raises(NotPending, match=f"^{GIVEN_UP}$"):
        world.rotate(NEXT)
    assert PENDING not in world.labels()
    assert world.works(CURRENT)

    world.rotate(NEXT)

    assert world.works(CURRENT)
    assert world.labels() == {CURRENT: NEXT, PREVIOUS: FIRST_VERSION}


@SERVED
@pytest.mark.parametrize("step", STEPS[2:])
def test_a_value_that_is_revoked_after_it_was_taken_is_given_up_as_well(kind: Kind, step: str) -> None:
    world = pending_world(kind)
    world.invoke("setSecret", TOKEN)
    world.service.passwords = {"shop": "first-password-0123456789"}
    world.service.keys.pop(TOKEN, None)

    with pytest.raises(StepFailed):
        world.invoke(step, TOKEN)
    with pytest.raises(NotPending, match=GIVEN_UP):
        world.invoke(step, TOKEN)

    assert world.works(CURRENT)


@SERVED
def test_a_service_that_is_down_loses_no_value(kind: Kind) -> None:
    world = pending_world(kind)
    world.service.is_down = True

    for _ in range(5):
        with pytest.raises(StepFailed):
            world.rotate(NEXT)

    assert world.labels()[PENDING] == TOKEN
    assert world.secret.version_of(REFUSED) is None


@SERVED
def test_a_value_that_the_service_took_without_an_answer_is_not_given_up(kind: Kind) -> None:
    world = pending_world(kind)
    for _ in range(3):

        def lose_the_answer() -> None:
            raise ConnectionError

        once_at(world, ("apply", "after"), lose_the_answer)
        with pytest.raises(StepFailed, match="apply must return, got ConnectionError"):
            world.invoke("setSecret", TOKEN)

    world.rotate(NEXT)
    assert world.labels() == {CURRENT: TOKEN, PREVIOUS: FIRST_VERSION}


def test_a_superuser_speaks_for_a_service_that_does_not_know_the_current_user() -> None:
    world = refusing_world(Kind.ALTERNATING)
    del world.service.passwords["shop"]

    for error in (StepFailed, NotPending):
        with pytest.raises(error):
            world.rotate(NEXT)

    world.rotate(NEXT)
    assert world.works(CURRENT)


def test_who_gives_up_sees_that_another_one_got_the_value_through() -> None:
    world = refusing_world(Kind.SINGLE)
    with pytest.raises(StepFailed):
        world.invoke("setSecret", TOKEN)

    def get_through() -> None:
        world.service.banned.clear()
        world.invoke("setSecret", TOKEN)
        assert not world.works(CURRENT)

    once_at(world, ("UpdateSecretVersionStage", "before"), get_through)
    with pytest.raises(NotPending, match=GIVEN_UP):
        world.invoke("setSecret", TOKEN)

    assert world.works(CURRENT)
    assert world.labels() == {CURRENT: FIRST_VERSION, HANDED_OVER: TOKEN}


def test_what_a_second_proposal_revoked_is_given_up() -> None:
    world = World(Kind.REISSUED)
    world.aws.rotate_secret(SECRET_ARN, TOKEN)
    once_at(world, ("propose", "before"), lambda: world.invoke("createSecret", TOKEN))

    with pytest.raises(NotPending, match=GIVEN_UP):
        world.invoke("createSecret", TOKEN)

    assert PENDING not in world.labels()
    world.rotate(NEXT)
    assert world.labels() == {CURRENT: NEXT, PREVIOUS: FIRST_VERSION}
    assert world.works(CURRENT)


@pytest.mark.parametrize(("kind", "moment"), [(Kind.ISSUED, "propose"), (Kind.REISSUED, "PutSecretValue")])
def test_a_second_proposal_that_is_the_same_or_came_first_changes_nothing(kind: Kind, moment: str) -> None:
    world = World(kind)
    world.aws.rotate_secret(SECRET_ARN, TOKEN)
    once_at(world, (moment, "before"), lambda: world.invoke("createSecret", TOKEN))

    world.invoke("createSecret", TOKEN)

    world.rotate(NEXT)
    assert world.labels() == {CURRENT: TOKEN, PREVIOUS: FIRST_VERSION}


def test_readers_get_the_value_before_when_a_late_proposal_revoked_theirs() -> None:
    world = World(Kind.REISSUED)
    world.aws.rotate_secret(SECRET_ARN, TOKEN)

    def end() -> None:
        for step in STEPS:
            world.invoke(step, TOKEN)

    once_at(world, ("propose", "before"), end)
    with pytest.raises(SecretChanged, match="AWSCURRENT must be a value that the service accepts, got back to the one"):
        world.invoke("createSecret", TOKEN)

    assert world.labels() == {CURRENT: FIRST_VERSION, PREVIOUS: TOKEN}
    assert world.works(CURRENT)
    world.rotate(NEXT)
    assert world.works(CURRENT)


@pytest.mark.parametrize("kind", Kind)
def test_pending_bytes_are_given_up(kind: Kind) -> None:
    world = World(kind)
    world.aws.rotate_secret(SECRET_ARN, TOKEN)
    world.secret.versions[TOKEN].value = b"bytes-0123456789"

    with pytest.raises(NotPending, match=r"must hold a text, got bytes \(SecretBinary\): given up, rotate again"):
        world.rotate(NEXT)

    world.rotate(NEXT)
    assert world.works(CURRENT)


@pytest.mark.parametrize("value", ['{"password": "x"}', "text", "[1]", '{"username": 1, "password": "x"}'])
def test_a_pending_value_without_a_user_is_given_up_where_users_alternate(value: str) -> None:
    world = pending_world(Kind.ALTERNATING)
    world.secret.versions[TOKEN].value = value

    with pytest.raises(NotPending, match="must be for the user whose turn it is, got another: given up, rotate again"):
        world.rotate(NEXT)

    world.rotate(NEXT)
    assert world.labels() == {CURRENT: NEXT, PREVIOUS: FIRST_VERSION}


def test_the_value_of_a_version_that_is_only_tested_is_not_held_to_be_refused() -> None:
    world = World(Kind.ALTERNATING)
    world.aws.begin_test(SECRET_ARN, TOKEN, value=str(world.secret.value_at(CURRENT)))
    world.invoke("testSecret", TOKEN)
    del world.service.passwords["shop"]

    for _ in range(3):
        with pytest.raises(StepFailed):
            world.invoke("testSecret", TOKEN)

    assert world.secret.version_of(REFUSED) is None
    assert world.labels()[PENDING] == TOKEN


def test_a_refusal_is_forgotten_with_the_rotation_that_succeeds() -> None:
    world = refusing_world(Kind.SINGLE)
    with pytest.raises(StepFailed):
        world.rotate(NEXT)
    world.secret.versions["old"] = FakeVersion("old", {PREVIOUS})
    world.service.banned.clear()

    world.rotate(NEXT)

    assert world.secret.version_of(REFUSED) is None
    assert world.labels() == {CURRENT: TOKEN, PREVIOUS: FIRST_VERSION}


def test_a_late_step_of_the_rotation_before_does_not_forget_a_refusal() -> None:
    world = World(Kind.SINGLE)
    world.rotate(token_of(3))
    world.aws.rotate_secret(SECRET_ARN, TOKEN)
    world.secret.attach(REFUSED, TOKEN)

    world.invoke("finishSecret", token_of(3))

    assert world.secret.version_of(REFUSED) == TOKEN


def test_a_value_that_cannot_be_taken_back_becomes_the_current_one() -> None:
    world = pending_world(Kind.SINGLE)
    world.service.remembers_former = True
    world.invoke("setSecret", TOKEN)
    world.aws.cancel_rotate_secret(SECRET_ARN)

    with pytest.raises(NotPending):
        world.invoke("testSecret", TOKEN)

    assert world.labels()[CURRENT] == TOKEN
    assert world.works(CURRENT)
    world.rotate(NEXT)
    assert world.labels() == {CURRENT: NEXT, PREVIOUS: TOKEN}


def test_a_value_left_that_cannot_be_taken_back_is_found_by_the_next_rotation() -> None:
    world = pending_world(Kind.SINGLE)
    world.service.remembers_former = True
    world.invoke("setSecret", TOKEN)
    world.secret.versions[TOKEN].labels.remove(PENDING)

    with pytest.raises(SecretChanged, match="AWSCURRENT must be a value that the service takes back"):
        world.rotate(NEXT)
    assert world.labels()[CURRENT] == TOKEN
    assert world.works(CURRENT)

    world.rotate(NEXT)
    assert world.labels() == {CURRENT: NEXT, PREVIOUS: TOKEN}


def test_who_made_a_value_current_goes_back_when_the_service_went_back_for_good() -> None:
    world = pending_world(Kind.SINGLE)
    for step in STEPS[1:3]:
        world.invoke(step, TOKEN)

    def cancel() -> None:
        world.aws.cancel_rotate_secret(SECRET_ARN)
        with pytest.raises(NotPending):
            world.invoke("testSecret", TOKEN)
        world.service.remembers_former = True

    once_at(world, ("UpdateSecretVersionStage", "before"), cancel)
    with pytest.raises(SecretChanged, match="AWSCURRENT must be a value that the service takes, got back to the one"):
        world.invoke("finishSecret", TOKEN)

    assert world.labels()[CURRENT] == FIRST_VERSION
    assert world.works(CURRENT)
    for error in (StepFailed, NotPending):
        with pytest.raises(error):
            world.rotate(NEXT)
    world.rotate(NEXT)
    assert world.works(CURRENT)


def test_who_cannot_take_a_value_back_sees_that_it_is_current_meanwhile() -> None:
    world = pending_world(Kind.SINGLE)
    world.service.remembers_former = True
    world.invoke("setSecret", TOKEN)
    world.aws.cancel_rotate_secret(SECRET_ARN)
    once_at(world, ("apply", "before"), lambda: world.secret.attach(CURRENT, TOKEN))

    with pytest.raises(NotPending):
        world.invoke("testSecret", TOKEN)

    assert "UpdateSecretVersionStage" not in world.aws.calls[-6:]
    assert world.works(CURRENT)


def test_a_refusal_that_was_left_on_a_version_is_forgotten_too() -> None:
    world = World(Kind.SINGLE)
    world.secret.versions["old"] = FakeVersion("old", {REFUSED})

    world.rotate(TOKEN)

    assert world.secret.version_of(REFUSED) is None


def test_a_value_that_was_put_meanwhile_is_not_proposed_again() -> None:
    world = World(Kind.REISSUED)
    world.aws.rotate_secret(SECRET_ARN, TOKEN)
    looks = iter(["at the pending version", "at the current one"])

    def put_between_the_looks(operation: str, when: str) -> None:
        if (operation, when) == ("GetSecretValue", "before") and next(looks) == "at the current one":
            world.aws.watch = lambda *_: None
            world.invoke("createSecret", TOKEN)

    world.aws.watch = put_between_the_looks
    world.invoke("createSecret", TOKEN)

    assert world.service.made == 1
