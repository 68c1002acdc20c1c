import errno
import io
import os

import pytest

from envelope.errors import LimitExceeded
from envelope.streams.spool import Spool


class FullDisk(io.BytesIO):
    """A file on a disk with room for five bytes."""

    def write(self, data: memoryview, /) -> int:  # type: ignore[override]  # what the spool gives it
        if self.tell() + len(data) > 5:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(data)


def test_gives_back_what_was_put_in() -> None:
    with Spool() as spool:
        spool.write(memoryview(b"attack at"))
        spool.write(memoryview(b" dawn"))
        spool.rewind()

        buffer = memoryview(bytearray(6))
        assert spool.readinto(buffer) == 6
        assert bytes(buffer) == b"attack"
        assert spool.read(100) == b" at dawn"
        assert spool.read(100) == b""


def test_the_file_has_no_name_and_no_other_reader() -> None:
    with Spool() as spool:
        spool.write(memoryview(b"attack"))

        status = os.fstat(spool._file.fileno())  # type: ignore[attr-defined]
        assert status.st_nlink == 0
        assert status.st_mode & 0o777 == 0o600


def test_closes_the_file_however_the_block_ends() -> None:
    file = io.BytesIO()
    with pytest.raises(KeyboardInterrupt), Spool(new_file=lambda: file):
        raise KeyboardInterrupt

    assert file.closed


def test_writes_all_to_a_file_that_takes_less() -> None:
    class Slow(io.BytesIO):
        def write(self, data: memoryview, /) -> int:  # type: ignore[override]  # what the spool gives it
            return super().write(data[:5])

    file = Slow()
    with Spool(new_file=lambda: file) as spool:
        spool.write(memoryview(b"attack at dawn"))
        assert file.getvalue() == b"attack at dawn"


def test_says_what_to_do_when_the_disk_is_full() -> None:
    with Spool(new_file=FullDisk) as spool:
        spool.write(memoryview(b"five!"))
        with pytest.raises(LimitExceeded, match=r"must fit on the disk for temporary files.*No space left on device"):
            spool.write(memoryview(b"x"))


def test_says_what_to_do_when_the_disk_does_not_give_back_what_it_took() -> None:
    class Broken(io.BytesIO):
        def readinto(self, _: object, /) -> int:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    with Spool(new_file=Broken) as spool:
        spool.write(memoryview(b"five!"))
        spool.rewind()
        with pytest.raises(LimitExceeded, match="Input/output error"):
            spool.read(5)


def test_says_what_to_do_when_there_is_no_disk() -> None:
    def no_file() -> io.BytesIO:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    with pytest.raises(LimitExceeded, match="No usable temporary directory"):
        Spool(new_file=no_file)
