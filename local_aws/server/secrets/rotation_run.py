"""One rotation: four steps of the function, in order, none after one that failed.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
Each step is invoked only if the function's policy admits Secrets Manager at that moment; AWS does not say what becomes
of one that is not admitted, and here it has failed. A rotation that fails is tried again as a whole; how often and
when, AWS does not say, and here it is twice more, at once. Only the last failure is told. Without an immediate rotation
the function is tried with `testSecret`, on a version that is removed afterwards.
"""

import threading
from collections.abc import Callable, Sequence
from time import time

from ministack.core.responses import request_scope
from ministack.services import secretsmanager

from local_aws.server.secrets.records import PENDING, Record, has_value
from local_aws.server.secrets.rotating_function import succeeds
from local_aws.server.secrets.rotation_tokens import rotation_token
from local_aws.server.secrets.service_events import tell

RUNNING: dict[str, str] = {}
"""The versions that rotations make at this moment, by the ARNs of their secrets; who takes one away stops it."""

_STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
_ATTEMPTS = 3


def start(record: Record, version_id: str) -> None:
    """Rotate a secret, unless a rotation to this version runs.

    Args:
        record: The secret.
        version_id: The version to make.
    """
    if RUNNING.get(record["ARN"]) != version_id:
        _in_background(_rotate, record, version_id)


def start_test(record: Record, version_id: str) -> None:
    """Try the rotation function without a rotation.

    Args:
        record: The secret.
        version_id: The version to try it with, which is removed afterwards.
    """
    _in_background(_test, record, version_id)


def _in_background(run: Callable[[Record, str], None], record: Record, version_id: str) -> None:
    _, _, _, region, account, *_ = str(record["ARN"]).split(":")
    RUNNING[record["ARN"]] = version_id

    def running() -> None:
        with request_scope(account, region):
            try:
                run(record, version_id)
            finally:
                # The next one may have begun when this one was told to be over.
                if RUNNING.get(record["ARN"]) == version_id:
                    del RUNNING[record["ARN"]]

    threading.Thread(target=running, daemon=True).start()


def _rotate(record: Record, version_id: str) -> None:
    tell(record, "RotationStarted", version_id=version_id)
    failed: str | None = None
    for _ in range(_ATTEMPTS):
        failed = _failed_step(record, version_id, _STEPS)
        if failed is None or not _goes_on(record, version_id):
            break
    if not _goes_on(record, version_id):
        return
    if failed is not None:
        tell(record, "RotationFailed", version_id=version_id, error=_error(record, failed))
        return
    record["_LastRotated"] = int(time())
    secretsmanager._sync_replicas(record)
    tell(record, "RotationSucceeded", version_id=version_id)


def _test(record: Record, version_id: str) -> None:
    tell(record, "TestRotationStarted", version_id=version_id)
    failed = _failed_step(record, version_id, ("testSecret",))
    version = record["Versions"][version_id]
    if PENDING in version["Stages"]:
        version["Stages"].remove(PENDING)
    if not has_value(version):
        del record["Versions"][version_id]
    error = _error(record, failed) if failed else None
    tell(record, "TestRotationFailed" if error else "TestRotationSucceeded", version_id=version_id, error=error)


def _failed_step(record: Record, version_id: str, steps: Sequence[str]) -> str | None:
    for step in steps:
        if not _goes_on(record, version_id):
            return step
        event = {
            "Step": step,
            "SecretId": record["ARN"],
            "ClientRequestToken": version_id,
            "RotationToken": rotation_token(record, version_id),
        }
        if not succeeds(record, event):
            return step
    return None


def _goes_on(record: Record, version_id: str) -> bool:
    _, found = secretsmanager._resolve(record["ARN"])
    return found is record and RUNNING.get(record["ARN"]) == version_id


def _error(record: Record, step: str) -> str:
    return f"Error when executing lambda {record['RotationLambdaARN']} during {step} step"
