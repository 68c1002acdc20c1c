"""RotationSchedule: when a secret is rotated, in the grammar of Secrets Manager, read before anything is deployed.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import aws_cdk as cdk
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.checked_values import check_count
from constructs_lib.secrets.cron_days import CronDays, read_days
from constructs_lib.wiring.given_resources import spoken

_DAY = 24
_FASTEST_HOURS = 4
# The page has no hours beyond a day, and 999 days as the longest; the API has 1,000 in another property.
_HOURS_OF_RATE = range(_FASTEST_HOURS, _DAY)
_DAYS_OF_RATE = range(1, 1000)
_CRON = re.compile(r"cron\(([^()]*)\)")
_FIELDS = 6
# The page shows one hour, or steps; neither lists nor ranges.
_HOUR = re.compile(r"(?P<first>[0-9]{1,2})(?:/(?P<step>[0-9]{1,2}))?")
# After so many years a month has again the same days of the week.
_CYCLE = range(2001 * 12, 2029 * 12)


@dataclass(frozen=True, slots=True)
class RotationSchedule:
    """When the rotation window opens and how long it stays open, in UTC. Made by `every` or by `cron`.

    Attributes:
        expression: What Secrets Manager is told.
        window: Hours that it is told to keep the window open; None if it is not told.
        interval: Hours between rotations of a rate; None for a cron expression.
        opening_hours: Hours of a day at which the window opens.
        days: Days on which it opens; None for a rate.
    """

    expression: str
    window: int | None
    interval: int | None
    opening_hours: tuple[int, ...]
    days: CronDays | None

    @classmethod
    def every(cls, interval: cdk.Duration, *, window: cdk.Duration | None = None) -> "RotationSchedule":
        """Rotate again and again after some time.

        Args:
            interval: 4 to 23 hours, or 1 to 999 days.
            window: How long the window is open, in whole hours. Default: one hour for an interval in hours, the whole
                day for one in days, in which the window opens at midnight.

        Raises:
            ConfigurationError: If Secrets Manager takes no such interval, or the window is longer.

        Examples:
            >>> RotationSchedule.every(cdk.Duration.days(30)).expression
            'rate(30 days)'
        """
        hours = _whole_hours("interval", interval)
        days, rest = divmod(hours, _DAY)
        is_daily = rest == 0 and days in _DAYS_OF_RATE
        if not is_daily and hours not in _HOURS_OF_RATE:
            raise ConfigurationError(
                f"interval must be {_HOURS_OF_RATE.start} to {_HOURS_OF_RATE.stop - 1} hours or "
                f"{_DAYS_OF_RATE.start} to {_DAYS_OF_RATE.stop - 1} whole days, got {interval.to_human_string()}"
            )
        count, unit = (days, "day") if is_daily else (hours, "hour")
        expression = f"rate({count} {unit}{'' if count == 1 else 's'})"
        opening = (0,) if is_daily else ()
        made = cls(expression, _window(window), hours, opening, None)
        made._check_window(min(hours, _DAY))
        return made

    @classmethod
    def cron(cls, expression: str, *, window: cdk.Duration | None = None) -> "RotationSchedule":
        """Rotate on certain days at a certain hour, or some hours apart on these days.

        Args:
            expression: `cron(0 hours day-of-month month day-of-week *)`. The minutes are 0 and the year is `*`, hours
                are one hour or steps of some hours such as `8/8`, and one of the fields of days is `?`.
            window: How long the window is open, in whole hours. Default: one hour where it opens more than once a day,
                else until midnight.

        Raises:
            ConfigurationError: If Secrets Manager does not know the expression, it would rotate more often than every
                four hours or less than every 999 days, or the window lasts until the next one or the next day.

        Examples:
            >>> schedule = RotationSchedule.cron("cron(0 16 1,15 * ? *)")
            >>> [f"{run:%d %B at %H:%M}" for run in schedule.next_runs(datetime(2026, 12, 5, tzinfo=UTC), count=2)]
            ['15 December at 16:00', '01 January at 16:00']
        """
        fields = _fields(expression)
        minute, hours, days_of_month, months, days_of_week, year = fields
        if minute != "0":
            raise ConfigurationError(f"expression must have 0 in the field minutes, got {minute!r}")
        if year != "*":
            raise ConfigurationError(f"expression must have * in the field year, got {year!r}")
        opening = _hours(hours)
        days = read_days(days_of_month, months, days_of_week)
        made = cls(expression, _window(window), None, opening, days)
        made._check_pace()
        made._check_window(min(later - first for first, later in itertools.pairwise((*opening, _DAY))))
        return made

    @property
    def rules(self) -> secretsmanager.CfnRotationSchedule.RotationRulesProperty:
        """What CloudFormation is told."""
        return secretsmanager.CfnRotationSchedule.RotationRulesProperty(
            schedule_expression=self.expression, duration=None if self.window is None else f"{self.window}h"
        )

    def next_runs(self, after: datetime, count: int = 3) -> list[datetime]:
        """Return when the window opens next: what somebody looks at before the schedule is deployed.

        A rate counts from the last rotation: these are the openings if that was the given time, for a rate in days
        from the midnight before it, for one in hours from its full hour. AWS says no more about it.

        Args:
            after: A time with its zone.
            count: How many.

        Raises:
            ConfigurationError: If the time is none or has no zone, or the number is none.

        Examples:
            >>> weekly = RotationSchedule.cron("cron(0 4 ? * SUN *)")
            >>> [f"{run:%d %B %H:%M}" for run in weekly.next_runs(datetime(2026, 12, 1, tzinfo=UTC), count=2)]
            ['06 December 04:00', '13 December 04:00']
        """
        if not isinstance(after, datetime):
            raise ConfigurationError(f"after must be a datetime with its zone, got {spoken(after)}")
        if after.utcoffset() is None:
            raise ConfigurationError(f"after must be a datetime with its zone, got {after.isoformat()}")
        if check_count("count", count) is None:
            raise ConfigurationError("count must be a whole number from 1, got None")
        return list(itertools.islice(self._openings(after.astimezone(UTC)), count))

    def _openings(self, after: datetime) -> Iterator[datetime]:
        if self.interval is not None:
            run = after.replace(minute=0, second=0, microsecond=0, hour=0 if self.opening_hours else after.hour)
            while True:
                run += timedelta(hours=self.interval)
                yield run
        for month in itertools.count(after.year * 12 + after.month - 1):
            for day in self._days(month):
                for hour in self.opening_hours:
                    run = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
                    if run > after:
                        yield run

    def _days(self, month: int) -> list[date]:
        year, rest = divmod(month, 12)
        return [date(year, rest + 1, day) for day in self.days.of_month(year, rest + 1)] if self.days else []

    def _gaps(self) -> set[timedelta]:
        within = {timedelta(hours=later - first) for first, later in itertools.pairwise(self.opening_hours)}
        days = [day for month in _CYCLE for day in self._days(month)]
        overnight = timedelta(hours=self.opening_hours[0] - self.opening_hours[-1])
        return within | {later - first + overnight for first, later in itertools.pairwise(days)}

    def _check_pace(self) -> None:
        gaps = self._gaps()
        days = _DAYS_OF_RATE.stop - 1
        # A day that comes once in a cycle has no gap at all.
        if not gaps or max(gaps) > timedelta(days=days):
            raise ConfigurationError(
                f"expression must open the window at least every {days} days, got {self.expression}"
            )
        if min(gaps) < timedelta(hours=_FASTEST_HOURS):
            raise ConfigurationError(
                f"expression must leave {_FASTEST_HOURS} hours between two openings of the window, got "
                f"{self.expression}, which opens it on {self._soon()}"
            )

    def _check_window(self, longest: int) -> None:
        # Neither into the next window nor, where it is known when it opens, into the next day.
        longest = min([longest, *(_DAY - hour for hour in self.opening_hours)])
        if self.window is not None and self.window > longest:
            hours = f"{longest} hour{'' if longest == 1 else 's'}"
            raise ConfigurationError(
                f"window must be at most {hours}, so that it ends before the next one and on the same day in "
                f"UTC, got {self.window} hours for {self.expression}, which opens it on {self._soon()}"
            )

    def _soon(self) -> str:
        return ", ".join(f"{run:%Y-%m-%d %H:%M}" for run in self.next_runs(datetime.now(UTC)))


def _fields(expression: str) -> list[str]:
    found = _CRON.fullmatch(expression) if isinstance(expression, str) else None
    if found is None or len(fields := found[1].split(" ")) != _FIELDS:
        raise ConfigurationError(
            "expression must be cron(minutes hours day-of-month month day-of-week year) with one blank between the "
            f"fields, got {spoken(expression)}"
        )
    return fields


def _hours(field: str) -> tuple[int, ...]:
    found = _HOUR.fullmatch(field)
    first, step = (int(found["first"]), int(found["step"] or _DAY)) if found else (_DAY, _DAY)
    opening = tuple(range(first, _DAY, step)) if step else ()
    if found is None or not opening or (found["step"] and len(opening) == 1):
        raise ConfigurationError(
            "expression must have in the field hours one hour from 0 to 23, or the first one and steps to another of "
            f"the same day, such as 8/8, got {field!r}"
        )
    return opening


def _window(window: cdk.Duration | None) -> int | None:
    if window is None:
        return None
    hours = _whole_hours("window", window)
    if not 1 <= hours <= _DAY:
        raise ConfigurationError(f"window must be 1 to {_DAY} hours, got {window.to_human_string()}")
    return hours


def _whole_hours(argument: str, given: cdk.Duration) -> int:
    if not isinstance(given, cdk.Duration) or given.is_unresolved():
        said = "a token" if isinstance(given, cdk.Duration) else spoken(given)
        raise ConfigurationError(f"{argument} must be a Duration of aws_cdk in whole hours, got {said}")
    seconds = given.to_seconds(integral=False)
    if seconds % 3600:
        raise ConfigurationError(f"{argument} must be whole hours, got {given.to_human_string()}")
    return int(seconds // 3600)
