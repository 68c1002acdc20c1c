"""Locked wheels: what a requirements file pins by hash, installed for another machine. No Docker, no jsii."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from constructs_lib.bundling.lambda_target import LambdaTarget
from constructs_lib.errors import BundlingError

# manylinux2014 means glibc 2.17; python3.11 runs on Amazon Linux 2 (2.26), the later ones on 2023 (2.34).
_UV_PLATFORMS = {"arm64": "aarch64-manylinux2014", "x86_64": "x86_64-manylinux2014"}
_PIP_PLATFORMS = {
    "arm64": ("manylinux2014_aarch64", "manylinux_2_17_aarch64"),
    "x86_64": ("manylinux2014_x86_64", "manylinux_2_17_x86_64"),
}
_LOCKED_ONLY = ("--only-binary", ":all:", "--require-hashes", "--no-deps")

# pip decides markers for the Python that it runs on; these are the same on every one that can run it here.
_MARKER = re.compile(r"^[^#\s][^;\n]*;\s*(?P<marker>[^\\\n]+)", re.MULTILINE)
_NOT_PYPY = r"(platform_python_implementation|implementation_name) != 'PyPy'"
_MARKER_PIP_CAN_DECIDE = re.compile(rf"{_NOT_PYPY}( and {_NOT_PYPY})*")

# What no function needs, and what differs from one installation to the next.
_DROPPED_FOLDERS = {"__pycache__", "bin", "sboms", "test", "tests"}
_DROPPED_SUFFIXES = {".c", ".cfg", ".h", ".pxd", ".pyc", ".pyi", ".pyx"}
_LOCK_OF_UV = ".lock"
_KEPT_OF_DIST_INFO = {"METADATA", "licenses"}
_LENGTH_OF_A_CAUSE = 1500


def find_installer(*, beside: Path | None = None, path: str | None = None) -> tuple[str, ...]:
    """Return the command that installs wheels: uv if there is one, pip otherwise.

    Args:
        beside: Folder that is looked into first. Default: that of the running Python.
        path: Where else to look, in the form of `PATH`. Default: `PATH`.

    Raises:
        BundlingError: If there is neither.
    """
    folder = Path(sys.executable).parent if beside is None else beside
    uv = shutil.which("uv", path=str(folder)) or shutil.which("uv", path=path)
    if uv:
        # Without a Python on the PATH uv would fetch one.
        return (uv, "pip", "install", "--python", sys.executable, "--quiet")
    if importlib.util.find_spec("pip"):
        return (sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet")
    raise BundlingError("neither uv nor pip is there to install the function's wheels; run: pip install uv")


def pins_something(lock: Path) -> bool:
    """Whether a requirements file holds more than remarks.

    Args:
        lock: The file.
    """
    lines = (line.strip() for line in lock.read_text(encoding="utf-8").splitlines())
    return any(line and not line.startswith("#") for line in lines)


def install_locked_wheels(
    lock: Path,
    folder: Path,
    *,
    target: LambdaTarget,
    further: Sequence[Path] = (),
    installer: Sequence[str] | None = None,
) -> None:
    """Install what a requirements file pins into a folder, and leave there only what a function needs.

    Two installations are the same, byte by byte, whichever installer and machine made them.

    Args:
        lock: Requirements with versions and hashes; anything that is not pinned by hash is refused.
        folder: Where to install; it must be empty.
        target: The machine that the wheels are for.
        further: Other requirements that are installed with the first ones. Default: none.
        installer: Command of uv or pip up to its options. Default: what `find_installer` finds.

    Raises:
        BundlingError: If the installer fails: no network and nothing cached, another hash, no such wheel.
    """
    command = tuple(installer) if installer else find_installer()
    locks = (lock, *further)
    options = _uv_options(target) if "-m" not in command else _pip_options(locks, target)
    files = [part for each in locks for part in ("-r", str(each))]
    ran = subprocess.run(  # noqa: S603  # the program found above, no shell
        [*command, *_LOCKED_ONLY, *options, "--target", str(folder), *files],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    if ran.returncode:
        names = " and ".join(each.parent.name for each in locks)
        raise BundlingError(
            f"the wheels of {names} could not be installed for {target.architecture} and "
            f"Python {target.python_version}: {_cause(ran.stderr)}"
        )
    _strip(folder)


def _uv_options(target: LambdaTarget) -> list[str]:
    platform = _UV_PLATFORMS[target.architecture]
    return [
        *("--python-platform", platform, "--python-version", target.python_version),
        *("--link-mode", "copy", "--no-installer-metadata"),
    ]


def _pip_options(locks: Sequence[Path], target: LambdaTarget) -> list[str]:
    for found in (found for lock in locks for found in _MARKER.finditer(lock.read_text(encoding="utf-8"))):
        marker = found["marker"].strip()
        if not _MARKER_PIP_CAN_DECIDE.fullmatch(marker):
            raise BundlingError(f"pip cannot decide {marker!r} for another machine than its own; run: pip install uv")
    platforms = [option for name in _PIP_PLATFORMS[target.architecture] for option in ("--platform", name)]
    return [*platforms, "--implementation", "cp", "--python-version", target.python_version, "--no-compile"]


def _cause(stderr: str) -> str:
    """Say what went wrong and, where the installer's own words do not, what helps."""
    text = stderr.strip()[-_LENGTH_OF_A_CAUSE:]
    if "hash" in text.lower() and "mismatch" in text.lower():
        return f"{text}\nWhat was served is not what was locked: check the package index, or lock anew"
    return f"{text}\nThe package index must be reachable once; what was installed is cached afterwards"


def _strip(folder: Path) -> None:
    # Deepest first, so that what a folder held is gone when the folder is looked at.
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            if path.name in _DROPPED_FOLDERS or _is_dropped_metadata(path):
                shutil.rmtree(path)
            elif not any(path.iterdir()):
                path.rmdir()
        elif path.suffix in _DROPPED_SUFFIXES or path.name == _LOCK_OF_UV or _is_dropped_metadata(path):
            path.unlink()
        else:
            path.chmod(0o755 if path.suffix == ".so" else 0o644)


def _is_dropped_metadata(path: Path) -> bool:
    return path.parent.suffix == ".dist-info" and path.name not in _KEPT_OF_DIST_INFO
