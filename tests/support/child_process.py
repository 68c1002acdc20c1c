"""Programs that a test runs beside its own process."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path


def run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, without what would lead its Python back to this checkout."""
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    return subprocess.run(  # noqa: S603  # no shell, and a command that a test wrote
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def run_python(
    program: str, *arguments: str, cwd: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a Python program with further environment variables, as this process's Python would."""
    return subprocess.run(  # noqa: S603  # no shell, and a program that a test wrote
        [sys.executable, "-c", program, *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def run_alone(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a Python program that sees the standard library and nothing that is installed."""
    return run(sys.executable, "-I", "-S", "-c", program, *arguments)
