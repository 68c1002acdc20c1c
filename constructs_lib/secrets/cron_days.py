"""Days on which a cron expression of Secrets Manager opens the rotation window. No jsii.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
"""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass

from constructs_lib.errors import ConfigurationError

_ANY = "?"
_DAY_NAMES = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
# Not those of the calendar module, which speaks the language of the machine.
_MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_ITEM = re.compile(r"(?P<first>\*|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>[0-9]{1,2}))?")
_IN_MONTH = re.compile(r"(?P<day>\w+?)(?:#(?P<which>[1-5])|(?P<last>L))")
_WEEK = 7


@dataclass(frozen=True, slots=True)
class CronDays:
    """The three fields of days, read.

    Attributes:
        months: Numbers of months.
        days: Days of each month, or none if days of the week decide.
        weekdays: Days of the week, Sunday is 1, each with which of them in the month: None for every one, -1 for the
            last.
        ends_of_months: Whether the last day of a month is one.
    """

    months: frozenset[int]
    days: frozenset[int]
    weekdays: frozenset[tuple[int, int | None]]
    ends_of_months: bool

    def of_month(self, year: int, month: int) -> list[int]:
        """Return the days of a month on which the window opens, in order.

        Args:
            year: Its year.
            month: Its number.
        """
        if month not in self.months:
            return []
        weekday_of_first, last = calendar.monthrange(year, month)
        found = {day for day in self.days if day <= last} | ({last} if self.ends_of_months else set())
        for weekday, which in self.weekdays:
            # Here Sunday is 1; to the calendar Monday is 0.
            every = range((weekday - 2 - weekday_of_first) % _WEEK + 1, last + 1, _WEEK)
            chosen = every if which is None else every[which:] if which < 0 else every[which - 1 : which]
            found.update(chosen)
        return sorted(found)


def read_days(days_of_month: str, months: str, days_of_week: str) -> CronDays:
    """Read the fields of days.

    Args:
        days_of_month: 1 to 31, with `, - * ? / L`.
        months: 1 to 12 or JAN to DEC, with `, - * /`.
        days_of_week: 1 to 7 or SUN to SAT, with `, - * ? / L #`.

    Raises:
        ConfigurationError: If a field is none, or not exactly one field of days is `?`.

    Examples:
        >>> read_days("?", "*", "MON#1").of_month(2026, 12)
        [7]
    """
    if (days_of_month == _ANY) == (days_of_week == _ANY):
        raise ConfigurationError(
            "expression must have ? in one of the fields day-of-month and day-of-week, and days in the other, got "
            f"{days_of_month} and {days_of_week}"
        )
    days, ends = set[int](), False
    for item in [] if days_of_month == _ANY else days_of_month.split(","):
        if item == "L":
            ends = True
        else:
            days |= _DAYS_OF_MONTH.numbers(item)
    weekdays = set[tuple[int, int | None]]()
    for item in [] if days_of_week == _ANY else days_of_week.split(","):
        weekdays |= _weekdays(item)
    return CronDays(
        months=frozenset(number for item in months.split(",") for number in _MONTHS.numbers(item)),
        days=frozenset(days),
        weekdays=frozenset(weekdays),
        ends_of_months=ends,
    )


def _weekdays(item: str) -> set[tuple[int, int | None]]:
    if item == "L":  # the last day of the week
        return {(_WEEK, None)}
    found = _IN_MONTH.fullmatch(item)
    if found:
        return {(_WEEKDAYS.number(found["day"], item), -1 if found["last"] else int(found["which"]))}
    return {(day, None) for day in _WEEKDAYS.numbers(item)}


@dataclass(frozen=True, slots=True)
class _Field:
    """What a field may hold, by number or by name."""

    name: str
    allowed: range
    names: Mapping[str, int]

    def numbers(self, item: str) -> set[int]:
        """Return what one item of a list means: a number, a range, everything, or steps through one of these."""
        found = _ITEM.fullmatch(item)
        if found is None or (found["first"] == "*" and found["last"]):
            raise self._refusal(item)
        is_all = found["first"] == "*"
        first = self.allowed.start if is_all else self.number(found["first"], item)
        if found["last"]:
            last = self.number(found["last"], item)
        else:
            last = self.allowed.stop - 1 if is_all or found["step"] else first
        step = int(found["step"] or 1)
        if step < 1 or last < first:
            raise self._refusal(item)
        return set(range(first, last + 1, step))

    def number(self, text: str, item: str) -> int:
        """Return what a number or a name means."""
        is_number = text.isdecimal() and text.isascii()
        found = int(text) if is_number else self.names.get(text)
        if found is None or found not in self.allowed:
            raise self._refusal(item)
        return found

    def _refusal(self, item: str) -> ConfigurationError:
        names = list(self.names)
        known = f" or {names[0]} to {names[-1]}" if names else ""
        return ConfigurationError(
            f"expression must have in the field {self.name} {self.allowed.start} to {self.allowed.stop - 1}{known}, "
            f"in lists, rising ranges, steps, or as the page of Secrets Manager says, got {item!r}"
        )


_DAYS_OF_MONTH = _Field("day-of-month", range(1, 32), {})
_MONTHS = _Field("month", range(1, 13), {name: number for number, name in enumerate(_MONTH_NAMES, 1)})
_WEEKDAYS = _Field("day-of-week", range(1, 8), {name: number for number, name in enumerate(_DAY_NAMES, 1)})
