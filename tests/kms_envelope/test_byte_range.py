import pytest

from kms_envelope.byte_range import ByteRange


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("0-0", 0, 0),
        ("0-9", 0, 9),
        ("3-5", 3, 5),
        ("3-", 3, None),
        ("0-", 0, None),
        ("-1", -1, None),
        ("-10", -10, None),
    ],
)
def test_a_range_as_http_spells_it(text: str, first: int, last: int | None) -> None:
    assert ByteRange.parse(text) == ByteRange(first, last)


@pytest.mark.parametrize(
    ("text", "count"), [("0-0", 1), ("90-", 10), ("90-999", 10), ("100-", 0), ("-7", 7), ("-999", 100)]
)
def test_a_range_holds_no_more_than_the_message_does(text: str, count: int) -> None:
    assert ByteRange.parse(text).at_most(100) == count


@pytest.mark.parametrize("text", ["", "-", "5", "5-4", "-0", "a-b", "1-2-3", " 1-2", "0x1-2", "1-2,4-5", "+1-2", "²-3"])
def test_refuses_what_is_no_range(text: str) -> None:
    with pytest.raises(ValueError, match=r"^range must be FIRST-LAST, FIRST- or -COUNT, got "):
        ByteRange.parse(text)
