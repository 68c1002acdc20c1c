"""The function that looks twice a day whether secrets are rotated in time, and writes what it finds as metrics.

Secrets Manager publishes no metric of rotations, and what an alarm looks back at is seven days. So this asks for each
secret when its next rotation is due. It reads no value: `DescribeSecret` answers with metadata only.

What it prints becomes metrics by the embedded metric format: Lambda sends what Python prints to CloudWatch Logs as it
is, also where its own lines are JSON.
https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, Protocol

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

NAMESPACE: Final = "CdkKeyManagement/Secrets"
DIMENSION: Final = "SecretArn"
PROBLEMS: Final = "RotationProblems"
"""On which the alarm of a secret is: overdue, or not rotated at all."""

METRICS: Final[Mapping[str, str]] = {
    PROBLEMS: "Count",
    "DaysOverdue": "None",
    "RotationOff": "Count",
    "VersionsPending": "Count",
}
_SECONDS_A_DAY: Final = 86_400
_CONFIG: Final = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 4})


class DescribesSecrets(Protocol):
    """The one call of Secrets Manager that this makes."""

    def describe_secret(self, *, SecretId: str) -> Mapping[str, Any]:  # noqa: N803  # as AWS calls it
        """Answer with the metadata of a secret."""


@dataclass(frozen=True, slots=True)
class RotationState:
    """What the metadata of a secret says of its rotation.

    Attributes:
        days_overdue: Days since the latest date on which it should have been rotated; 0 before that.
        is_off: Whether nothing will rotate it: rotation was never enabled, or was cancelled, or it will be deleted.
        versions_pending: Versions left pending that are not the current one; one while a rotation is under way.
    """

    days_overdue: float
    is_off: bool
    versions_pending: int

    @classmethod
    def of(cls, described: Mapping[str, Any], *, now: datetime) -> "RotationState":
        """Read an answer of `DescribeSecret`.

        Secrets Manager rotates a secret "on or before" the date that it answers with, so that the rotation window is
        over then. If a rotation fails, it tries again, and the date may be in the past.
        https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html

        Args:
            described: The answer.
            now: The time.
        """
        due = described.get("NextRotationDate")
        late = 0.0 if due is None else (now - due).total_seconds() / _SECONDS_A_DAY
        stages = described.get("VersionIdsToStages", {}).values()
        return cls(
            days_overdue=max(0.0, late),
            is_off=not described.get("RotationEnabled") or due is None or "DeletedDate" in described,
            versions_pending=sum("AWSPENDING" in each and "AWSCURRENT" not in each for each in stages),
        )

    def line(self, secret_arn: str, *, now: datetime) -> str:
        """Return the metrics of a secret as one line in the embedded metric format.

        Args:
            secret_arn: Its ARN, as the alarm has it.
            now: The time.
        """
        values = {
            PROBLEMS: int(self.days_overdue > 0) + int(self.is_off),
            "DaysOverdue": round(self.days_overdue, 3),
            "RotationOff": int(self.is_off),
            "VersionsPending": self.versions_pending,
        }
        directive = {
            "Namespace": NAMESPACE,
            "Dimensions": [[DIMENSION]],
            "Metrics": [{"Name": name, "Unit": unit} for name, unit in METRICS.items()],
        }
        meta = {"Timestamp": int(now.timestamp() * 1000), "CloudWatchMetrics": [directive]}
        return json.dumps({"_aws": meta, DIMENSION: secret_arn, **values})


def _print(line: str) -> None:
    # No logger: Lambda would put the line into one of its own, and what is inside becomes no metric.
    sys.stdout.write(line)
    sys.stdout.flush()


@dataclass(frozen=True, slots=True)
class Look:
    """What is made once for all invocations.

    Attributes:
        client: Who describes secrets.
        write: Takes a line for the log.
        clock: Says what time it is.
    """

    client: DescribesSecrets
    write: Callable[[str], object] = _print
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def at(self, secret_arns: list[str]) -> None:
        """Write a line for each secret that can be described.

        Of the others nothing is written, which their alarms take as a problem.

        Args:
            secret_arns: The ARNs of the secrets.

        Raises:
            RuntimeError: If one could not be described, after all others were.
        """
        failed = []
        for arn in secret_arns:
            now = self.clock()
            try:
                described = self.client.describe_secret(SecretId=arn)
            except (BotoCoreError, ClientError) as error:
                failed.append(f"{arn} ({_said(error)})")
            else:
                self.write(f"{RotationState.of(described, now=now).line(arn, now=now)}\n")
        if failed:
            raise RuntimeError(f"secrets must be ones that this function may describe, got {', '.join(failed)}")


def check(event: Mapping[str, Any], lambda_context: object, *, look: Look | None = None) -> None:  # noqa: ARG001  # Lambda's signature
    """Look at the secrets that the schedule names.

    Args:
        event: `{"secret_arns": [...]}`.
        lambda_context: The context object of Lambda.
        look: Client, clock and log. Default: those of the function.

    Raises:
        ValueError: If the event names no secrets.
        RuntimeError: If one could not be described, after all others were.
    """
    arns = event.get("secret_arns")
    if not isinstance(arns, list) or not arns:
        raise ValueError(f"secret_arns must be a list of ARNs, got {type(arns).__name__}")
    (look or deployed()).at([str(each) for each in arns])


@cache
def deployed() -> Look:
    """Give the client and the clock of this process."""
    client: Any = botocore.session.get_session().create_client("secretsmanager", config=_CONFIG)
    return Look(client)


def _said(error: Exception) -> str:
    # The code alone: what a service answers beside it may be anything.
    return str(error.response.get("Error", {}).get("Code")) if isinstance(error, ClientError) else type(error).__name__
