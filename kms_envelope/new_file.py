"""An output file that is there with all of its content, or not at all."""

import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from io import FileIO
from pathlib import Path


class IfExists(Enum):
    """What happens to a file that has the name of the output already."""

    REFUSE = "it stays, and the command fails"
    REPLACE = "the new one takes its place when it is complete"


@contextmanager
def new_file(
    path: Path,
    *,
    if_exists: IfExists,
    mode: int,
    link: Callable[[Path, Path], None] = os.link,
) -> Iterator[FileIO]:
    """Open a file that gets its name when the block ends well, and leaves nothing behind when it does not.

    It is written beside its place under another name, brought to the disk, and given its name in one step that
    another process can neither see half done nor come in between.

    Args:
        path: The output. A symbolic link is followed.
        if_exists: What happens to a file that has the name already.
        mode: Who may read it, of which the umask takes away what it says.
        link: How a file gets a second name. Default: as the operating system does it.

    Yields:
        Where to write.

    Raises:
        FileExistsError: If there is a file of that name and it must stay; before anything is written, and again at
            the end for one that came in the meantime.
        OSError: If the file cannot be written, or if there is something else than a file.
    """
    path = path.resolve()
    _check(path, if_exists)
    unfinished = path.with_name(f".{path.name[:50]}.{secrets.token_hex(8)}.part")
    try:
        descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL | _FLAGS, mode)
        with FileIO(descriptor, "w") as output:
            yield output
            os.fsync(output.fileno())
        if if_exists is IfExists.REPLACE:
            unfinished.replace(path)
        else:
            _name_newly(unfinished, path, link)
        _bring_to_disk(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


# Not for the children of this process, and where a system tells text from bytes: bytes.
_FLAGS = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def _check(path: Path, if_exists: IfExists) -> None:
    try:
        found = path.stat()
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise OSError(f"output must be in a folder that exists, got {path.parent}") from None
        return
    if not stat.S_ISREG(found.st_mode):
        # Replacing it would put a file where a device was, /dev/null for everybody.
        raise OSError(f"output must be a file or -, got {path}, which is something else")
    if if_exists is IfExists.REFUSE:
        raise _exists(path)


def _exists(path: Path) -> FileExistsError:
    return FileExistsError(f"output must not exist unless --overwrite is given, got {path}")


def _name_newly(unfinished: Path, path: Path, link: Callable[[Path, Path], None]) -> None:
    try:
        link(unfinished, path)  # fails if the name is taken, unlike a renaming
    except FileExistsError as error:
        raise _exists(path) from error
    except OSError:
        # A file system without second names. The name is taken by an empty file first, which fails likewise.
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, 0o600))
        except FileExistsError as error:
            raise _exists(path) from error
        unfinished.replace(path)


def _bring_to_disk(folder: Path) -> None:
    # The new name, as far as the system lets a folder be opened; the content is on the disk already.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
