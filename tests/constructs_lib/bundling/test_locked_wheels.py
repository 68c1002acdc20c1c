"""Wheels for another machine: by hash, the same from uv and from pip, or a clear refusal."""

import filecmp
import sys
from pathlib import Path

import pytest

from constructs_lib.bundling.lambda_bundle import function_source
from constructs_lib.bundling.lambda_target import LambdaTarget
from constructs_lib.bundling.locked_wheels import find_installer, install_locked_wheels, pins_something
from constructs_lib.errors import BundlingError
from tests.support.child_process import run_alone

LOCK = function_source("envelope") / "requirements.txt"
ARM = LambdaTarget(architecture="arm64", python_version="3.13")
PIP = (sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet")
ELF_MACHINES = {"arm64": 183, "x86_64": 62}  # e_machine of the ELF header: EM_AARCH64, EM_X86_64


def files_of(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.install
def test_uv_and_pip_install_the_same_bytes(tmp_path: Path) -> None:
    by_uv, by_pip = tmp_path / "uv", tmp_path / "pip"

    install_locked_wheels(LOCK, by_uv, target=ARM)
    install_locked_wheels(LOCK, by_pip, target=ARM, installer=PIP)

    assert files_of(by_uv) == files_of(by_pip)
    assert filecmp.cmpfiles(by_uv, by_pip, files_of(by_uv), shallow=False)[1:] == ([], [])


@pytest.mark.install
@pytest.mark.parametrize("architecture", ELF_MACHINES)
def test_only_what_a_function_needs_is_installed_for_its_processor(architecture: str, tmp_path: Path) -> None:
    target = LambdaTarget(architecture=architecture, python_version="3.13")

    install_locked_wheels(LOCK, tmp_path, target=target)

    libraries = [path.read_bytes()[:20] for path in tmp_path.rglob("*.so")]
    assert libraries
    assert {int.from_bytes(header[18:20], "little") for header in libraries} == {ELF_MACHINES[architecture]}
    suffixes = {Path(name).suffix for name in files_of(tmp_path)}
    assert suffixes == {".py", ".so", ".typed", "", ".BSD", ".APACHE"}
    assert {Path(name).name for name in files_of(tmp_path) if ".dist-info/" in name} <= {
        *("METADATA", "AUTHORS", "LICENSE", "LICENSE.APACHE", "LICENSE.BSD"),
    }
    assert {path.stat().st_mode & 0o777 for path in tmp_path.rglob("*.py")} == {0o644}


def test_uv_is_taken_from_the_folder_of_the_running_python(tmp_path: Path) -> None:
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\n")
    uv.chmod(0o755)

    assert find_installer(beside=tmp_path, path="")[:3] == (str(uv), "pip", "install")


def test_pip_is_taken_where_there_is_no_uv(tmp_path: Path) -> None:
    assert find_installer(beside=tmp_path, path=str(tmp_path))[:3] == (sys.executable, "-m", "pip")


def test_refuses_to_bundle_with_neither_uv_nor_pip(tmp_path: Path) -> None:
    # Alone, Python does not see the installed pip; the empty folder hides the installed uv.
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from constructs_lib.bundling.locked_wheels import find_installer\n"
        "find_installer(beside=Path(sys.argv[2]), path=sys.argv[2])\n"
    )
    root = Path(__file__).resolve().parents[3]

    ran = run_alone(program, root, tmp_path)

    assert "BundlingError: neither uv nor pip is there to install the function's wheels" in ran.stderr


def test_refuses_requirements_without_hashes(tmp_path: Path) -> None:
    lock = tmp_path / "orders" / "requirements.txt"
    lock.parent.mkdir()
    lock.write_text("cryptography==50.0.2\n")

    with pytest.raises(BundlingError, match=r"(?s)^the wheels of orders could not be installed for arm64 .*hash"):
        install_locked_wheels(lock, tmp_path / "asset", target=ARM)


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("error: Hash mismatch for `cffi==2.1.1`", "What was served is not what was locked"),
        ("error: Failed to fetch: dns error", "The package index must be reachable once"),
    ],
)
def test_refuses_to_go_on_when_the_installer_fails(said: str, remedy: str, tmp_path: Path) -> None:
    failing = (sys.executable, "-c", f"raise SystemExit({said!r})")

    with pytest.raises(BundlingError) as refused:
        install_locked_wheels(LOCK, tmp_path / "asset", target=ARM, installer=failing)

    assert said in str(refused.value)
    assert remedy in str(refused.value)


def test_refuses_pip_for_a_marker_that_it_would_decide_for_its_own_python(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text("cffi==2.1.1 ; python_full_version < '3.12' \\\n    --hash=sha256:00\n")

    with pytest.raises(BundlingError, match=r"pip cannot decide \"python_full_version < '3\.12'\""):
        install_locked_wheels(lock, tmp_path / "asset", target=ARM, installer=PIP)


@pytest.mark.parametrize(("lock", "pins"), [("", False), ("# a remark\n\n", False), ("a==1 \\\n", True)])
def test_a_lock_of_remarks_pins_nothing(lock: str, pins: bool, tmp_path: Path) -> None:  # noqa: FBT001  # what is expected
    (tmp_path / "requirements.txt").write_text(lock)

    assert pins_something(tmp_path / "requirements.txt") is pins


def test_two_locks_are_installed_together(tmp_path: Path) -> None:
    telling = (sys.executable, "-c", "import sys; sys.exit(' '.join(sys.argv[1:]))")
    locks = [tmp_path / name / "requirements.txt" for name in ("one", "two")]

    with pytest.raises(BundlingError, match=rf"of one and two could.*: [\s\S]* -r {locks[0]} -r {locks[1]}\n"):
        install_locked_wheels(locks[0], tmp_path / "asset", target=ARM, further=locks[1:], installer=telling)
