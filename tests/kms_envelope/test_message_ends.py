from io import BytesIO

import pytest

from envelope.errors import MalformedMessage
from kms_envelope.message_ends import MessageEnds
from kms_envelope.source import FileSource

DATA = bytes(range(256)) * 16_384  # 4 MiB


@pytest.mark.parametrize("length", [1, 105, 106, 107, 131_072, 131_073, 131_074, len(DATA)])
def test_a_pipe_and_a_file_have_the_same_ends(length: int) -> None:
    data = DATA[:length]
    ends = [MessageEnds.of(FileSource(BytesIO(data), size=size)) for size in (length, None)]

    assert ends[0] == ends[1]
    assert (ends[0].front, ends[0].tail, ends[0].message_bytes) == (data[:131_073], data[-106:], length)


@pytest.mark.parametrize("size", [0, None])
def test_refuses_nothing(size: int | None) -> None:
    with pytest.raises(MalformedMessage, match="got nothing"):
        MessageEnds.of(FileSource(BytesIO(b""), size=size))
