import pytest

from kms_envelope.printable import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("orders", "orders"),
        ("two words", "two words"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("one\ntwo\r", r"one\ntwo\r"),
        ("\x9b31m", r"\x9b31m"),
        ("abc\u202ecba", r"abc\u202ecba"),
        ("\ud800", r"\ud800"),
        (r"\x1b", r"\\x1b"),
    ],
)
def test_nothing_reaches_the_terminal_but_characters_that_it_prints(text: str, shown: str) -> None:
    assert printable(text) == shown
