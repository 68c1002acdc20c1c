"""Durations for S3, which counts in days."""

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

# What S3 takes for a default retention. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DefaultRetention.html
_MOST = 36_500


def whole_days(argument: str, given: cdk.Duration) -> int:
    """Return a duration as a number of days.

    Args:
        argument: What a refusal calls it.
        given: The duration.

    Raises:
        ConfigurationError: If it is none, a token, no whole number of days, or longer than a century.

    Examples:
        >>> whole_days("kept_for", cdk.Duration.hours(48))
        2
    """
    if not isinstance(given, cdk.Duration):
        raise ConfigurationError(f"{argument} must be a cdk.Duration, got {spoken(given)}")
    if given.is_unresolved():
        raise ConfigurationError(f"{argument} must be a literal duration, got a token")
    days = given.to_days(integral=False)
    if days != int(days) or not 1 <= days <= _MOST:
        raise ConfigurationError(f"{argument} must be 1 to {_MOST} whole days, got {given.to_human_string()}")
    return int(days)
