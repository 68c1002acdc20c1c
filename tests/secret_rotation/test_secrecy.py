"""No value is in a log, an error, a traceback or a repr, however a step ends."""

import json
import logging
import traceback
from collections.abc import Iterator

import pytest

from secret_rotation.errors import RotationError
from tests.support.fake_secrets_manager import SECRET_ARN, token_of
from tests.support.fake_service import SUPERUSER
from tests.support.rotation_world import FIRST, STEPS, Kind, World

TOKEN = token_of(1)
USER = "known-user-0123456789".ljust(60, "-")
NAMED = json.dumps({"username": USER, "password": "x-0123456789"})
CODES = ("AccessDeniedException", "ThrottlingException", "InvalidParameterException", "ResourceNotFoundException")
OPERATIONS = ("DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage", "GetRandomPassword")


def known_in(world: World) -> set[str]:
    """Every value that anybody has seen, and the secret parts of those that are JSON."""
    values = {str(version.value) for version in world.secret.versions.values() if version.value}
    values |= {*world.aws.drawn, *world.service.keys.values(), *world.service.passwords.values(), SUPERUSER}
    passwords = {json.loads(value)["password"] for value in values if value.startswith("{")}
    return values | passwords | {FIRST[world.kind], USER}


def told(record: logging.LogRecord) -> str:
    return f"{record.getMessage()} {vars(record)}"


def shown(error: BaseException) -> Iterator[str]:
    yield from traceback.TracebackException.from_exception(error).format()
    yield repr(error)
    assert error.__context__ is None
    assert error.__cause__ is None


def failing_worlds(kind: Kind) -> Iterator[World]:
    yield World(kind)
    down = World(kind)
    down.service.is_down = True
    yield down
    changed = World(kind)
    changed.service.passwords = {"shop": "changed-by-hand-0123456789"}
    changed.service.keys.clear()
    yield changed
    for operation in OPERATIONS:
        for code in CODES:
            world = World(kind)
            world.aws.refusals[operation] = [code] * 2
            yield world
    for value in ("[1]", b"bytes-0123456789", '{"password": "x-0123456789"}', "text-0123456789", NAMED):
        world = World(kind)
        next(iter(world.secret.versions.values())).value = value
        yield world
    late = World(kind)
    late.aws.rotate_secret(SECRET_ARN, TOKEN)
    late.secret.versions[TOKEN].value = NAMED
    yield late


@pytest.mark.parametrize("kind", Kind)
def test_no_value_is_shown(kind: Kind, caplog: pytest.LogCaptureFixture) -> None:
    texts: list[tuple[str, World]] = []
    failures = 0
    caplog.set_level(logging.DEBUG)
    for world in failing_worlds(kind):
        caplog.clear()
        world.aws.rotate_secret(SECRET_ARN, TOKEN)
        for step in STEPS:
            try:
                world.invoke(step, TOKEN)
            except RotationError as error:
                failures += 1
                texts += [(text, world) for text in shown(error)]
        texts += [(told(record), world) for record in caplog.records]
        texts.append((repr(world.deployment.plan), world))

    assert failures > 20
    assert [text for text, world in texts if any(value in text for value in known_in(world))] == []
    assert all(known_in(world) for _, world in texts)
