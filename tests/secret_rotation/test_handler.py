"""The handler: the environment, the one log line, and what a failure says."""

import asyncio
import logging
from pathlib import Path

import pytest

from secret_rotation.errors import InvalidEvent, StepFailed
from secret_rotation.handler import Deployment, deployed, rotate
from tests.support.fake_secrets_manager import (
    SECRET_ARN,
    SUPERUSER_ARN,
    FakeSecretsManager,
    secret_with,
    token_of,
)
from tests.support.rotation_world import Kind, World

TOKEN = token_of(1)
STEP = """
class Step:
    def apply(self, *, current, pending, superuser): ...
    def verify(self, value, /): ...
"""


def line_of(caplog: pytest.LogCaptureFixture) -> dict[str, object]:
    (record,) = caplog.records
    told = ("step", "secret_arn", "version", "did", "outcome", "error", "duration_ms")
    return {name: getattr(record, name) for name in told if hasattr(record, name)}


def test_an_invocation_is_one_line_in_words(caplog: pytest.LogCaptureFixture) -> None:
    world = World(Kind.GENERIC)
    world.aws.rotate_secret(SECRET_ARN, TOKEN)

    with caplog.at_level(logging.INFO, logger="secret_rotation"):
        world.invoke("createSecret", TOKEN)

    assert line_of(caplog) == {
        "step": "createSecret",
        "secret_arn": SECRET_ARN,
        "version": TOKEN,
        "did": "gave the pending version a value",
        "outcome": "success",
        "duration_ms": 0.0,
    }


def test_a_failure_is_a_warning_with_the_same_text_as_the_error(caplog: pytest.LogCaptureFixture) -> None:
    world = World(Kind.SINGLE)
    world.service.is_down = True
    world.aws.rotate_secret(SECRET_ARN, TOKEN)
    world.invoke("createSecret", TOKEN)
    caplog.clear()

    with pytest.raises(StepFailed) as failed:
        world.invoke("setSecret", TOKEN)

    assert str(failed.value) == "apply must return, got ConnectionError"
    assert line_of(caplog)["error"] == str(failed.value)
    assert line_of(caplog)["outcome"] == "StepFailed"
    assert caplog.records[0].levelno == logging.WARNING
    assert failed.value.__context__ is None


def test_refuses_what_is_no_event_before_it_asks_anything(caplog: pytest.LogCaptureFixture) -> None:
    world = World(Kind.GENERIC)

    with pytest.raises(InvalidEvent, match=r"^event must be an object, got NoneType$"):
        rotate(None, None, deployment=world.deployment)

    assert world.aws.calls == []
    assert line_of(caplog)["outcome"] == "InvalidEvent"


def test_what_nobody_expected_is_told_by_its_name_and_place(caplog: pytest.LogCaptureFixture) -> None:
    world = World(Kind.GENERIC)

    def watch(operation: str, when: str) -> None:
        raise ZeroDivisionError(f"known-value {operation} {when}")

    world.aws.watch = watch
    with pytest.raises(RuntimeError, match=r"^unexpected ZeroDivisionError$") as failed:
        world.invoke("createSecret", TOKEN)

    assert failed.value.__context__ is None
    assert str(line_of(caplog)["error"]).startswith("unexpected, in test_handler.py:")


@pytest.mark.parametrize("kind", [asyncio.CancelledError, BaseException, GeneratorExit, KeyboardInterrupt, SystemExit])
def test_what_is_no_ordinary_exception_is_told_by_its_name_too(
    kind: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    world = World(Kind.GENERIC)

    def watch(operation: str, when: str) -> None:
        raise kind(f"known-value {operation} {when}")

    world.aws.watch = watch
    with pytest.raises(RuntimeError, match=rf"^unexpected {kind.__name__}$") as failed:
        world.invoke("createSecret", TOKEN)

    assert failed.value.__context__ is None
    assert "known-value" not in str(vars(caplog.records[0]))


def test_the_environment_says_how_it_rotates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deployed_step.py").write_text(STEP)
    monkeypatch.syspath_prepend(tmp_path)
    first = '{"username": "shop", "password": "first"}'
    aws = FakeSecretsManager({SECRET_ARN: secret_with(first), SUPERUSER_ARN: secret_with("{}")})
    variables = {
        "SERVICE_STEP": "deployed_step:Step",
        "GENERATED_FIELD": "password",
        "PASSWORD_LENGTH": "20",
        "SUPERUSER_SECRET_ARN": SUPERUSER_ARN,
    }
    deployment = Deployment.of(variables, client=aws)
    aws.rotate_secret(SECRET_ARN, TOKEN)

    for step in ("createSecret", "setSecret", "testSecret", "finishSecret"):
        rotate({"Step": step, "SecretId": SECRET_ARN, "ClientRequestToken": TOKEN}, None, deployment=deployment)

    assert (
        aws.secrets[SECRET_ARN].value_at("AWSCURRENT") == f'{{"username": "shop_clone", "password": "{aws.drawn[0]}"}}'
    )
    assert len(aws.drawn[0]) == 20


def test_a_process_makes_one_client_which_never_logs_what_it_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "eu-central-1")
    deployed.cache_clear()

    assert deployed() is deployed()
    assert deployed().plan.step is None
    assert logging.getLogger("botocore").level == logging.WARNING
    deployed.cache_clear()
