"""For how long browsers come back by HTTPS alone."""

from constructs_lib.serving.strict_transport import StrictTransport


def test_a_year_is_365_days_of_seconds() -> None:
    assert StrictTransport.ONE_YEAR.value == 365 * 24 * 60 * 60


def test_forgetting_is_a_header_and_silence_is_none() -> None:
    assert (StrictTransport.FORGET.value, StrictTransport.NOT_SENT.value) == (0, None)
