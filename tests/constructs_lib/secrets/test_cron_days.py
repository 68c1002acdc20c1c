"""Days of a month on which the window opens, by the fields of a cron expression."""

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.cron_days import read_days


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        (("L", "*", "?"), [28]),
        (("1,L", "*", "?"), [1, 28]),
        (("*/10", "*", "?"), [1, 11, 21]),
        (("29-31", "*", "?"), []),
        (("?", "FEB", "SUN"), [7, 14, 21, 28]),
        (("?", "2", "SUNL"), [28]),
        (("?", "2", "1#1,7#4"), [7, 27]),
        (("?", "2", "MON#5"), []),
        (("?", "1,3", "*"), []),
    ],
)
def test_these_are_the_days_of_a_february(fields: tuple[str, str, str], days: list[int]) -> None:
    assert read_days(*fields).of_month(2027, 2) == days


@pytest.mark.parametrize("months", ["", "feb", "MAR-JAN", "1-3-5"])
def test_refuses_what_is_no_list_of_months(months: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^expression must have in the field month 1 to 12 or JAN to DEC"):
        read_days("1", months, "?")
