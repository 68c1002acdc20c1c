import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from local_aws.server.native_wheels import native_wheels

LOCK = Path(__file__).resolve().parents[3] / "lambda_src" / "envelope" / "requirements.txt"
PINS = dict(re.findall(r"^([a-z0-9-]+)==([^ ]+) ", LOCK.read_text(), re.MULTILINE))


def _package(versions: dict[str, str], *, native: bool = True) -> bytes:
    """Make what a function's asset looks like for another machine."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("envelope/handler.py", "")
        for name, version in versions.items():
            archive.writestr(f"{name}-{version}.dist-info/METADATA", f"Name: {name}\nVersion: {version}\n\ntext\n")
        if native:
            archive.writestr("cryptography/hazmat/bindings/_rust.abi3.so", b"for another machine")
    return code.getvalue()


@pytest.mark.deploy
def test_the_same_versions_are_installed_for_this_machine(tmp_path: Path) -> None:
    wheels = native_wheels(_package(PINS), cache=tmp_path, environment=dict(os.environ))
    again = native_wheels(_package(PINS), cache=tmp_path, environment={})

    program = f"import sys; sys.path.insert(0, {str(wheels)!r}); import cryptography.hazmat.bindings._rust as r; "
    shown = subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, "-I", "-S", "-c", program + "print(r.__file__); print(r.openssl.openssl_version_text())"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert again == wheels
    assert shown.stdout.startswith(str(wheels))
    assert {path.name for path in tmp_path.glob("*/cryptography-*.dist-info")} == {
        f"cryptography-{PINS['cryptography']}.dist-info"
    }


def test_a_function_without_native_code_stays_as_it_is(tmp_path: Path) -> None:
    assert native_wheels(_package(PINS, native=False), cache=tmp_path, environment={}) is None


def test_refuses_a_function_that_was_bundled_from_another_lock(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"cryptography==1\.0"):
        native_wheels(_package({**PINS, "cryptography": "1.0"}), cache=tmp_path, environment={})
