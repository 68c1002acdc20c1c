from io import BytesIO

import pytest

from envelope.errors import InvalidRequest
from kms_envelope.source import FileSource


def test_bytes_come_one_after_the_other() -> None:
    source = FileSource(BytesIO(b"abcdef"), size=6)
    buffer = bytearray(4)

    assert [source.readinto(buffer), bytes(buffer)] == [4, b"abcd"]
    assert [source.read(10), source.read(10)] == [b"ef", b""]


def test_bytes_come_out_of_the_middle() -> None:
    source = FileSource(BytesIO(b"abcdef"), size=6)

    assert [source.fetch(1, 3), source.fetch(0, 0), source.fetch(4, 9)] == [b"bcd", b"a", b"ef"]


def test_refuses_the_middle_of_a_pipe() -> None:
    with pytest.raises(InvalidRequest, match="got a pipe"):
        FileSource(BytesIO(b"abcdef"), size=None).fetch(1, 3)


def test_a_file_knows_its_size_and_a_pipe_does_not() -> None:
    assert FileSource(BytesIO(b"abcdef"), size=6).known_size() == 6
    with pytest.raises(InvalidRequest, match="got a pipe"):
        FileSource(BytesIO(b"abcdef"), size=None).known_size()
