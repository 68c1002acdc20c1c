"""Burst: how many refusals in how long a time are more than the usual mistakes."""

from dataclasses import dataclass, field

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

# The longest period of an alarm that is evaluated once. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
_MINUTES = range(1, 24 * 60 + 1)
_MILLISECONDS = 60_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Burst:
    """How many refused requests to KMS, of everybody together, are an alarm.

    Attributes:
        refusals: How many. Default: ten, a choice of this library and not of AWS: some mistakes of people, and fewer
            than a program makes that has lost a permission.
        within: In how many whole minutes, a day at most. Default: five.

    Examples:
        >>> Burst(refusals=3).within.to_minutes()
        5
    """

    refusals: int = 10
    within: cdk.Duration = field(default_factory=lambda: cdk.Duration.minutes(5))

    def __post_init__(self) -> None:
        """Refuse what no alarm can count.

        Raises:
            ConfigurationError: If a number is out of range.
        """
        if type(self.refusals) is not int or self.refusals < 1:
            raise ConfigurationError(f"refusals must be a whole number from 1, got {spoken(self.refusals)}")
        given: object = self.within
        if not isinstance(given, cdk.Duration) or given.is_unresolved():
            raise ConfigurationError(f"within must be a Duration that is known now, got {spoken(given)}")
        minutes, rest = divmod(given.to_milliseconds(), _MILLISECONDS)
        if rest or minutes not in _MINUTES:
            raise ConfigurationError(
                f"within must be 1 to {_MINUTES.stop - 1} whole minutes, got {given.to_human_string()}"
            )

    @property
    def minutes(self) -> int:
        """In how many minutes."""
        return int(self.within.to_minutes())
