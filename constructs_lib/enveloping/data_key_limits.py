"""DataKeyLimits: how long and for how much one data key serves a function that encrypts or decrypts many records."""

import json
from dataclasses import dataclass, field

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError

_MAX_AGE = range(1, 3_601)
_MAX_MESSAGES = range(1, 2**32 + 1)
_MAX_BYTES = range(1, 2**63)


def _five_minutes() -> cdk.Duration:
    return cdk.Duration.minutes(5)


@dataclass(frozen=True, kw_only=True)
class DataKeyLimits:
    """When a cached data key is given up: at whichever limit is reached first.

    A data key that serves many messages saves calls of KMS, and whoever gets hold of it reads all of them. Revoking a
    permission takes effect when the cached keys are given up.
    https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/thresholds.html

    Attributes:
        max_age: How long it serves, at most an hour. Default: five minutes.
        max_messages: How many messages it serves. Default: 10,000.
        max_bytes: How many bytes of plaintext it serves. Default: 1 GiB.

    Examples:
        >>> DataKeyLimits().environment
        '{"max_age_seconds": 300, "max_bytes": 1073741824, "max_messages": 10000}'
    """

    max_age: cdk.Duration = field(default_factory=_five_minutes)
    max_messages: int = 10_000
    max_bytes: int = 2**30

    def __post_init__(self) -> None:
        """Refuse limits that are none.

        Raises:
            ConfigurationError: If one is out of range.
        """
        is_duration = isinstance(self.max_age, cdk.Duration)
        if not is_duration or self.max_age.to_seconds(integral=False) not in _MAX_AGE:
            said = self.max_age.to_human_string() if is_duration else repr(self.max_age)
            raise ConfigurationError(f"max_age must be a Duration of 1 second to 1 hour, got {said}")
        for name, allowed in (("max_messages", _MAX_MESSAGES), ("max_bytes", _MAX_BYTES)):
            given = getattr(self, name)
            if isinstance(given, bool) or not isinstance(given, int) or given not in allowed:
                raise ConfigurationError(
                    f"{name} must be a whole number from {allowed.start} to {allowed.stop - 1}, got {given!r}"
                )

    @property
    def environment(self) -> str:
        """The limits as an environment variable holds them."""
        limits = {
            "max_age_seconds": self.max_age.to_seconds(),
            "max_messages": self.max_messages,
            "max_bytes": self.max_bytes,
        }
        return json.dumps(limits, sort_keys=True)
