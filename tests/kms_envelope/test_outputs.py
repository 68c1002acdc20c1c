import io
from pathlib import Path

import click
import pytest

from kms_envelope.new_file import IfExists, Readers
from kms_envelope.outputs import opened_output


class Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


class Standard:
    """Looks like `sys.stdout`."""

    def __init__(self, buffer: io.BytesIO) -> None:
        self.buffer = buffer


def test_a_file_is_written(tmp_path: Path) -> None:
    with opened_output(str(tmp_path / "new"), if_exists=IfExists.REFUSE, readers=Readers.OWNER) as output:
        output.write(b"content")

    assert (tmp_path / "new").read_bytes() == b"content"


def test_standard_output_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO()
    monkeypatch.setattr("sys.stdout", Standard(stream))

    with opened_output("-", if_exists=IfExists.REFUSE, readers=Readers.OWNER) as output:
        output.write(b"content")

    assert stream.getvalue() == b"content"


def test_refuses_to_write_a_message_to_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", Standard(Terminal()))

    with (
        pytest.raises(click.UsageError, match="no text for a terminal"),
        opened_output("-", if_exists=IfExists.REFUSE, readers=Readers.AS_UMASK_SAYS),
    ):
        pass
