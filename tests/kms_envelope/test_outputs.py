import io
from pathlib import Path

import click
import pytest

from kms_envelope.content import Content
from kms_envelope.new_file import IfExists
from kms_envelope.outputs import opened_output


class Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


class Standard:
    """Looks like `sys.stdout`."""

    def __init__(self, buffer: io.BytesIO) -> None:
        self.buffer = buffer


def test_a_file_is_written(tmp_path: Path) -> None:
    with opened_output(str(tmp_path / "new"), if_exists=IfExists.REFUSE, content=Content.PLAINTEXT) as output:
        output.write(b"content")

    assert (tmp_path / "new").read_bytes() == b"content"


def test_standard_output_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO()
    monkeypatch.setattr("sys.stdout", Standard(stream))

    with opened_output("-", if_exists=IfExists.REFUSE, content=Content.PLAINTEXT) as output:
        output.write(b"content")

    assert stream.getvalue() == b"content"


def test_refuses_to_write_a_message_to_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", Standard(Terminal()))

    with (
        pytest.raises(click.UsageError, match="for a message, got a terminal"),
        opened_output("-", if_exists=IfExists.REFUSE, content=Content.MESSAGE),
    ):
        pass


def test_a_terminal_shows_plaintext(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", Standard(terminal))

    with opened_output("-", if_exists=IfExists.REFUSE, content=Content.PLAINTEXT) as output:
        output.write(b"content")

    assert terminal.getvalue() == b"content"


@pytest.mark.parametrize("if_exists", IfExists)
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "got ''$"),
        ("s3://backups/orders", "got s3://backups/orders: objects are only read$"),
        ("/dev/stdout", "got /dev/stdout: - is standard output$"),
        ("/dev/fd/1", "got /dev/fd/1: - is standard output$"),
    ],
)
def test_refuses_what_is_neither_file_nor_standard_output(name: str, why: str, if_exists: IfExists) -> None:
    with (
        pytest.raises(click.UsageError, match=f"^OUTPUT must be a file or -, {why}"),
        opened_output(name, if_exists=if_exists, content=Content.PLAINTEXT),
    ):
        pass
