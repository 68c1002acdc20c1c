"""The function that Secrets Manager invokes: event to step, and what came of it into the log."""

import logging
import os
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

import botocore.session
from botocore.config import Config

from secret_rotation.environment import Settings
from secret_rotation.errors import RotationError
from secret_rotation.guarded_step import GuardedStep
from secret_rotation.rotation_event import RotationEvent
from secret_rotation.rotation_plan import RotationPlan
from secret_rotation.secret_versions import SecretsManager, SecretVersions
from secret_rotation.steps import Steps

_logger = logging.getLogger("secret_rotation")

# Secrets Manager answers in milliseconds; it repeats a step that failed, so that there is no need to be stubborn.
_CONFIG: Final = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 4})


@dataclass(frozen=True, slots=True)
class Deployment:
    """What is made once for all invocations.

    Attributes:
        plan: How secrets are rotated.
        client: Who speaks to Secrets Manager.
        clock: Seconds, from any beginning.
    """

    plan: RotationPlan
    client: SecretsManager
    clock: Callable[[], float] = time.perf_counter

    @classmethod
    def of(cls, variables: Mapping[str, str], *, client: SecretsManager) -> Self:
        """Read the deployment from environment variables.

        Args:
            variables: Those of `secret_rotation.environment`.
            client: Who speaks to Secrets Manager.

        Returns:
            The deployment.

        Raises:
            ValueError: If a variable says something else than it may, or the step is none.
        """
        settings = Settings.of(variables)
        plan = RotationPlan(
            generator=settings.generator,
            generated_field=settings.generated_field,
            step=GuardedStep.named(settings.service_step) if settings.service_step else None,
            superuser=SecretVersions(client, settings.superuser_secret_arn) if settings.superuser_secret_arn else None,
        )
        return cls(plan, client)


def rotate(event: object, lambda_context: object, *, deployment: Deployment | None = None) -> None:  # noqa: ARG001  # Lambda's signature
    """Do one step of a rotation.

    Args:
        event: `{"Step": ..., "SecretId": ..., "ClientRequestToken": ...}`, maybe with a `RotationToken`.
        lambda_context: The context object of Lambda.
        deployment: Plan and client. Default: those of the environment.

    Raises:
        RotationError: One of its kinds, with nothing chained to it. Secrets Manager repeats the rotation.
        RuntimeError: For what nobody expected, with no more than its name.
    """
    given = deployment or deployed()
    started = given.clock()
    facts: dict[str, object] = {"outcome": "success"}
    failure: Exception | None = None
    try:
        asked = RotationEvent.of(event)
        facts |= {"step": asked.step.value, "secret_arn": asked.secret_arn, "version": asked.token}
        facts["did"] = Steps(SecretVersions(given.client, asked.secret_arn), plan=given.plan, event=asked).run()
    except RotationError as error:
        facts |= {"outcome": type(error).__name__, "error": str(error)}
        failure = type(error)(str(error))
    except BaseException as error:  # noqa: BLE001  # raised again below without its text, which may hold a value
        facts |= {"outcome": type(error).__name__, "error": f"unexpected, in {_place(error)}"}
        failure = RuntimeError(f"unexpected {type(error).__name__}")
    facts["duration_ms"] = round((given.clock() - started) * 1000, 3)
    level = logging.INFO if failure is None else logging.WARNING
    _logger.log(level, "%s: %s", facts.get("step", "no step"), facts["outcome"], extra=facts)
    if failure is not None:
        # Raised out here, where nothing is being handled: with nothing chained behind it, no traceback shows more.
        raise failure


def _place(error: BaseException) -> str:
    frame, line = list(traceback.walk_tb(error.__traceback__))[-1]
    return f"{Path(frame.f_code.co_filename).name}:{line}"


@cache
def deployed() -> Deployment:
    """Give the deployment of this process.

    Returns:
        What the environment says.

    Raises:
        ValueError: If the environment says something else than it may.
    """
    # At the level DEBUG botocore logs the bodies of requests and answers. This holds even where somebody sets the
    # function's log level to DEBUG.
    logging.getLogger("botocore").setLevel(logging.WARNING)
    client: Any = botocore.session.get_session().create_client("secretsmanager", config=_CONFIG)
    return Deployment.of(os.environ, client=client)


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    # Before the first event, so that a wrong environment or a step that is none is told when the function starts.
    deployed()
