import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from kms_envelope.new_file import IfExists, new_file


def write(
    path: Path,
    data: bytes,
    *,
    if_exists: IfExists = IfExists.REFUSE,
    file_mode: int = 0o600,
    link: Callable[[Path, Path], None] = os.link,
    meanwhile: Callable[[], object] = lambda: None,
) -> None:
    with new_file(path, if_exists=if_exists, mode=file_mode, link=link) as file:
        file.write(data)
        meanwhile()


def failing(error: BaseException) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def no_second_names(_: Path, __: Path) -> None:
    raise PermissionError(1, "Operation not permitted")


def test_a_file_is_there_with_all_of_its_content(tmp_path: Path) -> None:
    with new_file(tmp_path / "new", if_exists=IfExists.REFUSE, mode=0o600) as file:
        file.write(b"content")
        assert not (tmp_path / "new").exists()

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"new": b"content"}


def test_nothing_is_left_of_a_failure(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "new", b"half", meanwhile=failing(KeyboardInterrupt()))

    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_file_that_would_have_been_replaced(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")

    with pytest.raises(OSError, match="disk is full"):
        write(tmp_path / "old", b"half", if_exists=IfExists.REPLACE, meanwhile=failing(OSError("disk is full")))

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"old": b"old"}


def test_refuses_a_name_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")

    with pytest.raises(FileExistsError, match=r"^output must not exist unless --overwrite is given, got .*old$"):
        write(tmp_path / "old", b"new")

    assert (tmp_path / "old").read_bytes() == b"old"


@pytest.mark.parametrize("link", [os.link, no_second_names])
def test_refuses_a_name_that_was_taken_meanwhile(link: Callable[[Path, Path], None], tmp_path: Path) -> None:
    def taken() -> None:
        (tmp_path / "new").write_bytes(b"of another process")

    with pytest.raises(FileExistsError, match="output must not exist"):
        write(tmp_path / "new", b"mine", link=link, meanwhile=taken)

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"new": b"of another process"}


def test_replaces_a_file_that_is_told_to_be(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")

    write(tmp_path / "old", b"new", if_exists=IfExists.REPLACE)

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"old": b"new"}


def test_a_file_system_without_second_names_gets_the_file_as_well(tmp_path: Path) -> None:
    with new_file(tmp_path / "new", if_exists=IfExists.REFUSE, mode=0o600, link=no_second_names) as file:
        file.write(b"content")

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"new": b"content"}
    assert mode(tmp_path / "new") == 0o600


def test_a_symbolic_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")

    write(tmp_path / "link", b"new", if_exists=IfExists.REPLACE)

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_plaintext_is_for_its_owner_alone_and_a_message_for_whom_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write(tmp_path / "plaintext", b"", file_mode=0o600)
        write(tmp_path / "message", b"", file_mode=0o666)
    finally:
        os.umask(before)

    assert (mode(tmp_path / "plaintext"), mode(tmp_path / "message")) == (0o600, 0o640)


def test_refuses_to_put_a_file_where_a_device_is(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(OSError, match=r"^output must be a file or -, got .*pipe, which is something else$"):
        write(tmp_path / "pipe", b"", if_exists=IfExists.REPLACE)

    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_refuses_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"^output must be in a folder that exists, got .*nowhere$"):
        write(tmp_path / "nowhere" / "new", b"")


@pytest.mark.parametrize("name", ["n" * 255, "京" * 85], ids=["one byte a letter", "three bytes a letter"])
def test_a_long_name_is_no_hindrance(name: str, tmp_path: Path) -> None:
    write(tmp_path / name, b"content")

    assert [path.name for path in tmp_path.iterdir()] == [name]
