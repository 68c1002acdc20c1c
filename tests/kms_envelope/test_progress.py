from io import BytesIO, StringIO

from kms_envelope.progress import shown as progress_of
from kms_envelope.progress import watched
from kms_envelope.source import FileSource


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


class BinaryTerminal(BytesIO):
    def isatty(self) -> bool:
        return True


def shown(stream: StringIO, *, size: int | None, output: BytesIO | None = None) -> str:
    whole = FileSource(BytesIO(bytes(1000)), size=size)
    with watched(whole, output=output or BytesIO(), label="encrypting", terminal=stream) as source:
        assert [len(source.read(600)), len(source.read(600))] == [600, 400]
    return stream.getvalue()


def test_a_terminal_sees_how_far_a_file_is() -> None:
    text = shown(Terminal(), size=1000)

    assert "encrypting" in text
    assert "60%" in text
    assert "100%" in text


def test_what_is_watched_can_still_be_read_in_the_middle() -> None:
    whole = FileSource(BytesIO(b"abcdef"), size=6)
    with watched(whole, output=BytesIO(), label="encrypting", terminal=Terminal()) as source:
        assert source.fetch(1, 3) == b"bcd"


def test_a_terminal_sees_how_far_a_part_is() -> None:
    terminal = Terminal()
    with progress_of(1000, output=BytesIO(), label="decrypting", terminal=terminal) as taken:
        assert taken is not None
        taken(600)
        taken(400)

    assert "60%" in terminal.getvalue()
    assert "100%" in terminal.getvalue()


def test_nothing_is_shown_where_nobody_looks() -> None:
    assert shown(StringIO(), size=1000) == ""


def test_nothing_is_shown_of_a_pipe_whose_end_nobody_knows() -> None:
    assert shown(Terminal(), size=None) == ""


def test_nothing_is_shown_where_the_output_is() -> None:
    assert shown(Terminal(), size=1000, output=BinaryTerminal()) == ""
