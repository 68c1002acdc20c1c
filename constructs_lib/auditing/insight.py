"""Insight: unusual activity that CloudTrail finds in a trail and records beside its events."""

from collections.abc import Sequence
from enum import Enum

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken


class Insight(Enum):
    """What CloudTrail compares with the usual, over the management events of a trail. Each is paid by the event.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-insights-events-with-cloudtrail.html
    """

    CALL_RATE = "ApiCallRateInsight"
    """How often writing calls are made."""

    ERROR_RATE = "ApiErrorRateInsight"
    """How often calls fail, and with which error code: refusals in a burst are such."""


def check_insights(insights: Sequence[Insight]) -> tuple[Insight, ...]:
    """Return kinds of insights in the order in which they are written.

    Args:
        insights: The kinds.

    Raises:
        ConfigurationError: If one is none, or is named twice.

    Examples:
        >>> [insight.value for insight in check_insights([Insight.ERROR_RATE, Insight.CALL_RATE])]
        ['ApiCallRateInsight', 'ApiErrorRateInsight']
    """
    given: object = insights
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise ConfigurationError(f"insights must be a sequence of Insight, got {spoken(given)}")
    wrong = [each for each in given if not isinstance(each, Insight)]
    if wrong:
        raise ConfigurationError(f"insights must be {' or '.join(map(str, Insight))}, got {spoken(wrong[0])}")
    if len(set(given)) < len(given):
        raise ConfigurationError(f"insights must name each kind once, got {', '.join(map(str, given))}")
    return tuple(insight for insight in Insight if insight in insights)
