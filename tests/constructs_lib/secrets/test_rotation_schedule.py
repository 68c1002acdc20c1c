"""When the rotation window opens: read as another program reads cron, and refused where Secrets Manager refuses."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice
from typing import Any

import aws_cdk as cdk
import pytest
from cronsim import CronSim
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.rotation_schedule import RotationSchedule

ARABIC_TWO = "\N{ARABIC-INDIC DIGIT TWO}"
SUNDAY = datetime(2026, 11, 22, 13, 30, tzinfo=UTC)
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def runs(schedule: RotationSchedule, count: int = 3, after: datetime = SUNDAY) -> list[str]:
    return [f"{run:%Y-%m-%d %H:%M}" for run in schedule.next_runs(after, count)]


def spans(values: range, word: Callable[[int], str], last: int) -> st.SearchStrategy[tuple[str, set[int]]]:
    """Make lists of numbers, ranges and steps, and what they mean."""
    number = st.integers(values.start, values.stop - 1)
    pair = st.tuples(number, number).map(lambda both: (min(both), max(both)))
    step = st.integers(1, len(values))
    item = st.one_of(
        number.map(lambda each: (word(each), {each})),
        pair.map(lambda both: (f"{word(both[0])}-{word(both[1])}", set(range(both[0], both[1] + 1)))),
        st.builds(lambda first, by: (f"{first}/{by}", set(range(first, last + 1, by))), number, step),
        st.builds(lambda both, by: (f"{both[0]}-{both[1]}/{by}", set(range(both[0], both[1] + 1, by))), pair, step),
        step.map(lambda by: (f"*/{by}", set(range(values.start, last + 1, by)))),
    )
    lists = st.lists(item, min_size=1, max_size=3)
    return lists.map(lambda items: (",".join(text for text, _ in items), set().union(*(each for _, each in items))))


def listed(numbers: set[int], less: int = 0) -> str:
    return ",".join(str(number - less) for number in sorted(numbers))


hours = st.one_of(
    st.integers(0, 23).map(lambda hour: (str(hour), str(hour))),
    st.sampled_from([(0, 4), (0, 6), (1, 8), (3, 5), (8, 8), (2, 10)]).map(
        lambda both: (f"{both[0]}/{both[1]}", f"{both[0]}-23/{both[1]}")
    ),
)
weekday = st.integers(1, 7)
days = st.one_of(
    spans(range(1, 29), str, 31).map(lambda both: (both[0], "?", listed(both[1]), "*")),
    st.just(("L", "?", "L", "*")),
    st.just(("*", "?", "*", "*")),
    spans(range(1, 8), lambda day: _WEEKDAYS[day - 1], 7).map(
        lambda both: ("?", both[0], "*", listed(both[1], less=1))
    ),
    st.tuples(weekday, st.integers(1, 4)).map(
        lambda both: ("?", f"{_WEEKDAYS[both[0] - 1]}#{both[1]}", "*", f"{both[0] - 1}#{both[1]}")
    ),
    weekday.map(lambda day: ("?", f"{day}L", "*", f"{day - 1}L")),
    st.just(("?", "L", "*", "6")),
)
months = st.one_of(
    st.just(("*", "*")),
    spans(range(1, 13), lambda month: _MONTHS[month - 1], 12).map(lambda both: (both[0], listed(both[1]))),
)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # bounds have none


@given(hours, days, months, moments)
def test_the_window_opens_when_another_program_says_so(
    hours: tuple[str, str], days: tuple[str, str, str, str], months: tuple[str, str], after: datetime
) -> None:
    of_month, of_week, other_of_month, other_of_week = days

    schedule = RotationSchedule.cron(f"cron(0 {hours[0]} {of_month} {months[0]} {of_week} *)")

    other = CronSim(f"0 {hours[1]} {other_of_month} {months[1]} {other_of_week}", after)
    assert schedule.next_runs(after, 5) == list(islice(other, 5))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [  # the examples of the page
        ("cron(0 8/8 * * ? *)", ["2026-11-22 16:00", "2026-11-23 08:00", "2026-11-23 16:00"]),
        ("cron(0 2/10 * * ? *)", ["2026-11-22 22:00", "2026-11-23 02:00", "2026-11-23 12:00"]),
        ("cron(0 10 * * ? *)", ["2026-11-23 10:00", "2026-11-24 10:00", "2026-11-25 10:00"]),
        ("cron(0 18 ? * SAT *)", ["2026-11-28 18:00", "2026-12-05 18:00", "2026-12-12 18:00"]),
        ("cron(0 16 1,15 * ? *)", ["2026-12-01 16:00", "2026-12-15 16:00", "2027-01-01 16:00"]),
        ("cron(0 1 ? * MON#1 *)", ["2026-12-07 01:00", "2027-01-04 01:00", "2027-02-01 01:00"]),
        ("cron(0 17 L * ? *)", ["2026-11-30 17:00", "2026-12-31 17:00", "2027-01-31 17:00"]),
        ("cron(0 23 ? */3 SUN#1 *)", ["2027-01-03 23:00", "2027-04-04 23:00", "2027-07-04 23:00"]),
    ],
)
def test_examples_open_the_window_as_their_sentences_say(expression: str, expected: list[str]) -> None:
    assert runs(RotationSchedule.cron(expression)) == expected


def test_a_rate_in_days_opens_at_midnight_and_one_in_hours_on_the_hour() -> None:
    daily, hourly = (RotationSchedule.every(each) for each in (cdk.Duration.days(30), cdk.Duration.hours(6)))

    assert (daily.expression, hourly.expression) == ("rate(30 days)", "rate(6 hours)")
    assert runs(daily, 2) == ["2026-12-22 00:00", "2027-01-21 00:00"]
    assert runs(hourly, 2) == ["2026-11-22 19:00", "2026-11-23 01:00"]
    assert RotationSchedule.every(cdk.Duration.hours(24)).expression == "rate(1 day)"


def test_times_are_told_in_utc_whatever_the_zone_of_the_question() -> None:
    there = SUNDAY.astimezone(timezone(timedelta(hours=-9)))

    assert runs(RotationSchedule.cron("cron(0 14 * * ? *)"), 1, there) == ["2026-11-22 14:00"]


def test_cloudformation_is_told_a_window_only_if_it_was_told_here() -> None:
    told = RotationSchedule.every(cdk.Duration.days(1), window=cdk.Duration.minutes(120)).rules
    untold = RotationSchedule.every(cdk.Duration.days(1)).rules

    assert (told.schedule_expression, told.duration) == ("rate(1 day)", "2h")
    assert untold.duration is None


@pytest.mark.parametrize(
    ("interval", "got"),
    [
        (cdk.Duration.hours(3), "3 hours"),
        (cdk.Duration.hours(25), "1 day 1 hour"),
        (cdk.Duration.days(1000), "1000 days"),
    ],
    ids=["too often", "between", "too rare"],
)
def test_refuses_an_interval_that_secrets_manager_does_not_take(interval: cdk.Duration, got: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        RotationSchedule.every(interval)
    assert str(refused.value) == f"interval must be 4 to 23 hours or 1 to 999 whole days, got {got}"


@pytest.mark.parametrize(
    ("interval", "message"),
    [
        (30, "interval must be a Duration of aws_cdk in whole hours, got 30"),
        (cdk.Duration.minutes(250), "interval must be whole hours, got 4 hours 10 minutes"),
        (
            cdk.Duration.hours(cdk.Token.as_number("?")),
            "interval must be a Duration of aws_cdk in whole hours, got a token",
        ),
    ],
    ids=["number", "minutes", "token"],
)
def test_refuses_an_interval_that_is_no_number_of_hours(interval: Any, message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        RotationSchedule.every(interval)
    assert str(refused.value) == message


_FIELDS = "cron(minutes hours day-of-month month day-of-week year) with one blank between the fields"
_STEPS = "in lists, rising ranges, steps, or as the page of Secrets Manager says"
_ONE_OF_BOTH = "have ? in one of the fields day-of-month and day-of-week, and days in the other"
_HOURS = "one hour from 0 to 23, or the first one and steps to another of the same day, such as 8/8"


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("rate(1 day)", f"be {_FIELDS}, got 'rate(1 day)'"),
        ("cron(0 1 * * ?)", f"be {_FIELDS}, got 'cron(0 1 * * ?)'"),
        ("cron(0  1 * * ? *)", f"be {_FIELDS}, got 'cron(0  1 * * ? *)'"),
        (None, f"be {_FIELDS}, got None"),
        ("cron(30 1 * * ? *)", "have 0 in the field minutes, got '30'"),
        ("cron(0 1 * * ? 2027)", "have * in the field year, got '2027'"),
        *(
            (f"cron(0 {field} * * ? *)", f"have in the field hours {_HOURS}, got {field!r}")
            for field in ("24", "*", "8,16", "8-16", "20/5", "0/0", "*/8", "-1", ARABIC_TWO, f"0/{ARABIC_TWO}")
        ),
        *(
            (f"cron(0 1 {field} * ? *)", f"have in the field day-of-month 1 to 31, {_STEPS}, got {field!r}")
            for field in ("0", "32", "15W", "L-1", "20-10", "1/0", "*-3", "MON", "", ARABIC_TWO, f"1/{ARABIC_TWO}")
        ),
        *(
            (f"cron(0 1 1 {field} ? *)", f"have in the field month 1 to 12 or JAN to DEC, {_STEPS}, got {field!r}")
            for field in ("0", "13", "L", "?", "JANUARY")
        ),
        *(
            (f"cron(0 1 ? * {field} *)", f"have in the field day-of-week 1 to 7 or SUN to SAT, {_STEPS}, got {field!r}")
            for field in ("0", "8", "MON#6", "MON#0", "FRI-MON", "8L", "L#1")
        ),
        *(
            (
                f"cron(0 1 {month} * {week} *)",
                f"{_ONE_OF_BOTH}, got {month} and {week}",
            )
            for month, week in (("?", "?"), ("*", "*"), ("1", "MON"))
        ),
    ],
)
def test_refuses_what_is_no_expression_of_secrets_manager(expression: Any, message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        RotationSchedule.cron(expression)
    assert str(refused.value) == f"expression must {message}"


@pytest.mark.parametrize("expression", ["cron(0 0 31 2 ? *)", "cron(0 0 29 2 ? *)", "cron(0 0 ? 2 SAT#5 *)"])
def test_refuses_days_that_come_too_rarely(expression: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        RotationSchedule.cron(expression)
    assert str(refused.value) == f"expression must open the window at least every 999 days, got {expression}"


@pytest.mark.parametrize("hours", ["0/3", "0/7", "2/21"])
def test_refuses_openings_that_are_less_than_four_hours_apart_and_shows_the_next_ones(hours: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        RotationSchedule.cron(f"cron(0 {hours} * * ? *)")
    assert re.fullmatch(
        r"expression must leave 4 hours between two openings of the window, got cron\(0 .* \* \* \? \*\), which opens "
        r"it on \d{4}-\d\d-\d\d \d\d:00, \d{4}-\d\d-\d\d \d\d:00, \d{4}-\d\d-\d\d \d\d:00",
        str(refused.value),
    )


@pytest.mark.parametrize(
    ("schedule", "longest"),
    [
        (lambda window: RotationSchedule.every(cdk.Duration.hours(5), window=window), 5),
        (lambda window: RotationSchedule.cron("cron(0 8/8 * * ? *)", window=window), 8),
        (lambda window: RotationSchedule.cron("cron(0 3/5 * * ? *)", window=window), 1),
        (lambda window: RotationSchedule.cron("cron(0 16 L * ? *)", window=window), 8),
    ],
    ids=["rate", "steps", "last step", "day"],
)
def test_refuses_a_window_into_the_next_one_or_the_next_day_and_shows_the_next_openings(
    schedule: Callable[[cdk.Duration], RotationSchedule], longest: int
) -> None:
    assert schedule(cdk.Duration.hours(longest)).window == longest
    with pytest.raises(ConfigurationError) as refused:
        schedule(cdk.Duration.hours(longest + 1))
    assert re.fullmatch(
        rf"window must be at most {longest} hours?, so that it ends before the next one and on the same day in UTC, "
        rf"got {longest + 1} hours for (rate|cron)\(.*\), which opens it on (\d{{4}}-\d\d-\d\d \d\d:00(, |$)){{3}}",
        str(refused.value),
    )


@pytest.mark.parametrize(
    ("window", "message"),
    [
        (cdk.Duration.hours(25), "window must be 1 to 24 hours, got 1 day 1 hour"),
        (cdk.Duration.hours(0), "window must be 1 to 24 hours, got 0 hours"),
        (cdk.Duration.minutes(90), "window must be whole hours, got 1 hour 30 minutes"),
        ("3h", "window must be a Duration of aws_cdk in whole hours, got '3h'"),
    ],
    ids=["long", "none", "half", "text"],
)
def test_refuses_a_window_that_secrets_manager_does_not_take(window: Any, message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        RotationSchedule.every(cdk.Duration.days(1), window=window)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("after", "got"),
    [
        (SUNDAY.replace(tzinfo=None), "2026-11-22T13:30:00"),
        (SUNDAY.date(), "a date"),
        ("tomorrow", "'tomorrow'"),
        (None, "None"),
    ],
    ids=["no zone", "date", "text", "none"],
)
def test_refuses_to_count_from_what_is_no_time_with_a_zone(after: Any, got: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        RotationSchedule.every(cdk.Duration.days(1)).next_runs(after)
    assert str(refused.value) == f"after must be a datetime with its zone, got {got}"


@pytest.mark.parametrize("count", [0, -1, True, None, "3", 1.5])
def test_refuses_to_count_what_is_no_number_of_runs(count: Any) -> None:
    with pytest.raises(ConfigurationError) as refused:
        RotationSchedule.every(cdk.Duration.days(1)).next_runs(SUNDAY, count)
    assert str(refused.value) == f"count must be a whole number from 1, got {count!r}"
