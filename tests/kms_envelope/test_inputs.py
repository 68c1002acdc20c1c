import os
from pathlib import Path
from threading import Thread

import click
import pytest

from kms_envelope.inputs import opened_input, standard_stream
from tests.support.kms_envelope_command import FakeAws


def test_a_file_has_a_size(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")

    with opened_input(str(tmp_path / "file"), aws=FakeAws()) as source:
        assert (source.size, source.read(100)) == (7, b"content")


def test_a_named_pipe_has_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = Thread(target=(tmp_path / "pipe").write_bytes, args=[b"content"])
    writer.start()

    with opened_input(str(tmp_path / "pipe"), aws=FakeAws()) as source:
        assert (source.size, source.read(100)) == (None, b"content")
    writer.join()


def test_an_object_is_one_of_s3() -> None:
    with opened_input("s3://backups/orders", aws=FakeAws(objects={"backups/orders": b"content"})) as source:
        assert (source.size, source.read(100)) == (7, b"content")


def test_refuses_a_standard_stream_that_is_closed() -> None:
    with pytest.raises(OSError, match="must be open"):
        standard_stream(None)


def test_refuses_no_name() -> None:
    with (
        pytest.raises(click.UsageError, match=r"^INPUT must be a file, s3://bucket/key or -, got ''$"),
        opened_input("", aws=FakeAws()),
    ):
        pass


@pytest.mark.parametrize("name", ["nothing", "folder"])
def test_refuses_what_is_not_there(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(OSError, match=name), opened_input(str(tmp_path / name), aws=FakeAws()):
        pass
