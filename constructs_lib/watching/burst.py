"""Burst: how many refusals in how long a time are more than the usual mistakes."""

from dataclasses import dataclass

from constructs_lib.errors import ConfigurationError

# The longest period of an alarm that is evaluated once. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
_MINUTES = range(1, 24 * 60 + 1)


@dataclass(frozen=True, kw_only=True)
class Burst:
    """How many refused requests to KMS, of everybody together, are an alarm.

    Attributes:
        refusals: How many. Default: ten, a choice of this library and not of AWS: some mistakes of people, and fewer
            than a program makes that has lost a permission.
        within_minutes: In how many minutes, a day at most. Default: five.

    Examples:
        >>> Burst(refusals=3).within_minutes
        5
    """

    refusals: int = 10
    within_minutes: int = 5

    def __post_init__(self) -> None:
        """Refuse what no alarm can count.

        Raises:
            ConfigurationError: If a number is out of range.
        """
        if type(self.refusals) is not int or self.refusals < 1:
            raise ConfigurationError(f"refusals must be a whole number from 1, got {self.refusals!r}")
        if type(self.within_minutes) is not int or self.within_minutes not in _MINUTES:
            raise ConfigurationError(
                f"within_minutes must be a whole number from 1 to {_MINUTES.stop - 1}, got {self.within_minutes!r}"
            )
