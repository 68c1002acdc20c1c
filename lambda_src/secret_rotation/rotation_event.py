"""RotationEvent: what Secrets Manager invokes the function with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Self

from secret_rotation.errors import InvalidEvent

_LONGEST_QUOTE: Final = 64
_ARN: Final = re.compile(
    r"arn:aws[a-z-]*:secretsmanager:(?P<region>[a-z0-9-]+):[0-9]{12}:secret:[A-Za-z0-9/_+=.@!-]{1,512}"
)
_TOKEN: Final = re.compile(r"[\x21-\x7e]{32,64}")  # ClientRequestToken of PutSecretValue
_ROTATION_TOKEN: Final = re.compile(r"[A-Za-z0-9-]{36,256}")  # RotationToken of PutSecretValue


class Step(Enum):
    """The four steps, by the names that Secrets Manager sends."""

    CREATE = "createSecret"
    SET = "setSecret"
    TEST = "testSecret"
    FINISH = "finishSecret"


@dataclass(frozen=True, slots=True)
class RotationEvent:
    """One step of one rotation of one secret.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html

    Attributes:
        step: Which step.
        secret_arn: The secret.
        token: The id of the version that is to become the current one.
        rotation_token: What proves to Secrets Manager that this is its rotation; None if it sent none. Not shown.
    """

    step: Step
    secret_arn: str
    token: str
    rotation_token: str | None = field(default=None, repr=False)

    @property
    def region(self) -> str:
        """The Region of the secret."""
        return self.secret_arn.split(":")[3]

    @classmethod
    def of(cls, event: object) -> Self:
        """Understand an event. Fields that it does not know are passed over: Secrets Manager may add some.

        Args:
            event: What came.

        Returns:
            The same, checked.

        Raises:
            InvalidEvent: If it is something else.
        """
        if not isinstance(event, Mapping):
            raise InvalidEvent(f"event must be an object, got {type(event).__name__}")
        step = _text(event, "Step")
        allowed = [each.value for each in Step]
        if step not in allowed:
            raise InvalidEvent(f"Step must be one of {allowed}, got {_quoted(step)}")
        arn, token = _text(event, "SecretId"), _text(event, "ClientRequestToken")
        if not _ARN.fullmatch(arn):
            raise InvalidEvent(f"SecretId must be the whole ARN of a secret, got {_quoted(arn)}")
        if not _TOKEN.fullmatch(token):
            raise InvalidEvent(f"ClientRequestToken must be 32 to 64 printable characters, got {_quoted(token)}")
        return cls(Step(step), arn, token, _rotation_token(event))


def _rotation_token(event: Mapping[str, object]) -> str | None:
    if event.get("RotationToken") is None:
        return None
    found = _text(event, "RotationToken")
    if not _ROTATION_TOKEN.fullmatch(found):
        # Secrets Manager calls it sensitive, so it is not repeated.
        raise InvalidEvent(f"RotationToken must be 36 to 256 letters, digits and hyphens, got {len(found)} characters")
    return found


def _text(event: Mapping[str, object], name: str) -> str:
    found = event.get(name)
    if not isinstance(found, str):
        raise InvalidEvent(f"{name} must be a text, got {type(found).__name__}")
    return found


def _quoted(found: str) -> str:
    return repr(found) if len(found) <= _LONGEST_QUOTE else f"{found[:_LONGEST_QUOTE]!r}..."
