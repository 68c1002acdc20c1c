"""How many invocations a queue may have at once, against what the function has."""

import pytest

from constructs_lib.enveloping.queue_concurrency import check_concurrency
from constructs_lib.errors import ConfigurationError


@pytest.mark.parametrize(("most", "reserved"), [(2, 2), (1000, None), (None, 1), (None, None)])
def test_a_function_that_has_as_many_is_fed_as_many(most: int | None, reserved: int | None) -> None:
    check_concurrency("max_concurrency", most, reserved)


@pytest.mark.parametrize(
    ("most", "reserved", "message"),
    [
        (1, None, r"^max_concurrency must be a whole number from 2 to 1000, got 1$"),
        (3, 2, r"^reserved_concurrency must be at least max_concurrency, which is 3, .*, got 2$"),
    ],
)
def test_refuses_more_than_the_function_has(most: int, reserved: int | None, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        check_concurrency("max_concurrency", most, reserved)
