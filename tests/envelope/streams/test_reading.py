import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envelope.errors import NotAuthentic
from envelope.streams.reading import BlockReader


@given(st.lists(st.binary(max_size=9), max_size=6), st.integers(1, 12))
def test_reads_are_short_only_at_the_end(blocks: list[bytes], size: int) -> None:
    reader, whole = BlockReader(map(memoryview, blocks)), b"".join(blocks)

    got = [reader.read(size) for _ in range(len(whole) // size + 1)]

    assert got == [whole[start : start + size] for start in range(0, len(whole) + 1, size)][: len(got)]
    assert reader.read(size) == b""


def test_is_a_file_for_what_takes_files() -> None:
    with io.BufferedReader(BlockReader(iter([memoryview(b"one\ntwo\n")]))) as file:
        assert file.readable()
        assert not file.seekable()
        assert file.readlines() == [b"one\n", b"two\n"]


def test_raises_what_the_blocks_raise_and_never_says_that_they_ended() -> None:
    def blocks() -> Iterator[memoryview]:
        yield memoryview(b"attack")
        raise NotAuthentic

    reader = BlockReader(blocks())

    assert reader.read(4) == b"atta"
    for _ in range(2):
        with pytest.raises(NotAuthentic):
            reader.read(4)


def test_closes_the_blocks() -> None:
    ended = []

    def blocks() -> Iterator[memoryview]:
        try:
            yield memoryview(b"attack")
        finally:
            ended.append(True)

    reader = BlockReader(blocks())
    reader.read(1)
    reader.close()

    assert ended == [True]
    with pytest.raises(ValueError, match="closed"):
        reader.read(1)
