"""Buffers that hold plaintext, and what becomes of it."""

from collections.abc import Iterator
from contextlib import contextmanager

_ZEROS = memoryview(bytes(64 * 1024))


def wipe(buffer: bytearray | memoryview) -> None:
    """Overwrite a buffer with zeros.

    Args:
        buffer: What nobody may find later.
    """
    with memoryview(buffer) as view:
        # In pieces: zeros for all of it at once would be as large as what is being wiped.
        for start in range(0, len(view), len(_ZEROS)):
            piece = view[start : start + len(_ZEROS)]
            piece[:] = _ZEROS[: len(piece)]


@contextmanager
def wiped_after(*buffers: bytearray | memoryview) -> Iterator[None]:
    """Overwrite buffers at the end of a block, however it ends.

    Args:
        *buffers: What holds plaintext meanwhile.

    Yields:
        Nothing.
    """
    try:
        yield
    finally:
        for buffer in buffers:
            wipe(buffer)


@contextmanager
def wiped_on_failure(buffer: bytearray) -> Iterator[None]:
    """Overwrite a buffer if a block fails. AES-GCM decrypts first and compares tags last.

    Args:
        buffer: What holds plaintext that may be anybody's.

    Yields:
        Nothing.
    """
    try:
        yield
    except BaseException:
        wipe(buffer)
        raise
