"""This machine's wheels in place of those that a function was bundled with, from the same lock.

A function's asset is what AWS would get: native wheels for Lambda's Python and architecture. Here it runs on
this machine's Python, so the packages that its lock pins are installed once more, for this machine, and stand
before the asset's own on the function's path. The asset itself stays as it is.
"""

import hashlib
import io
import subprocess
import zipfile
from collections.abc import Mapping
from email.parser import Parser
from pathlib import Path

from constructs_lib.bundling.locked_wheels import find_installer

_SOURCES = Path(__file__).resolve().parents[2] / "lambda_src"


def native_wheels(code: bytes, *, cache: Path, environment: Mapping[str, str]) -> Path | None:
    """Install what a function's lock pins, for this machine.

    Args:
        code: The function's deployment package, a ZIP archive.
        cache: Where installations are kept for the next function with the same lock.
        environment: The installer's environment, with the package cache of the machine.

    Returns:
        The folder to put first on the function's path; nothing if it brings no native code.

    Raises:
        RuntimeError: If no lock of `lambda_src` is the one that the function was bundled from, or the
            installation fails.
    """
    with zipfile.ZipFile(io.BytesIO(code)) as archive:
        names = archive.namelist()
        if not any(name.endswith(".so") for name in names):
            return None
        brought = {_pin(archive.read(name).decode()) for name in names if _is_metadata(name)}
    for lock in sorted(_SOURCES.glob("*/requirements.txt")):
        text = lock.read_text()
        if any(name.startswith(f"{lock.parent.name}/") for name in names) and all(
            f"\n{pin} " in text for pin in brought
        ):
            return _installed(lock, cache, environment)
    raise RuntimeError(f"no lock of {_SOURCES} pins what the function was bundled with: {sorted(brought)}")


def _is_metadata(name: str) -> bool:
    return name.endswith(".dist-info/METADATA") and name.count("/") == 1


def _pin(metadata: str) -> str:
    fields = Parser().parsestr(metadata, headersonly=True)
    return f"{fields['Name'].lower().replace('_', '-')}=={fields['Version']}"


def _installed(lock: Path, cache: Path, environment: Mapping[str, str]) -> Path:
    folder = cache / hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    if not folder.exists():
        options = ("--require-hashes", "--no-deps", "--only-binary", ":all:")
        done = subprocess.run(  # noqa: S603  # the installer that bundles functions too
            [*find_installer(), *options, "--target", str(folder), "--requirement", str(lock)],
            env=dict(environment),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"wheels of {lock} could not be installed for this machine: {done.stderr}")
    return folder
