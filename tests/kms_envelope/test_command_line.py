"""The command as a process of its own, with a KMS behind a port: exit codes, pipes and signals as a shell has them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from kms_envelope.command_line import NOT_INSTALLED, main
from kms_envelope.exit_code import BROKEN_PIPE, ExitCode
from tests.support.fake_kms import FakeKms
from tests.support.kms_envelope_command import CONTEXT, KEY, run_command
from tests.support.kms_over_http import kms_over_http

ROOT = Path(__file__).resolve().parents[2]
ENCRYPT = ("encrypt", *KEY, *CONTEXT)
DECRYPT = ("decrypt", *KEY, *CONTEXT)
PLAINTEXT = bytes(range(256)) * 4096  # 1 MiB


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with kms_over_http(FakeKms()) as url:
        yield url


@pytest.fixture
def environment(endpoint: str, tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path),
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "AKIA",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def started(environment: dict[str, str], *arguments: object, output: int | IO[bytes] = subprocess.PIPE) -> "Command":
    return subprocess.Popen(  # noqa: S603  # no shell, and a command that a test wrote
        [sys.executable, "-m", "kms_envelope", *map(str, arguments)],
        env=environment,
        cwd=environment["HOME"],
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.PIPE,
    )


Command = subprocess.Popen[bytes]


def finished(command: Command, piped: bytes = b"") -> tuple[int, bytes, bytes]:
    output, errors = command.communicate(piped, timeout=60)
    return command.returncode, output, errors


def test_what_one_process_encrypts_another_one_decrypts(environment: dict[str, str]) -> None:
    code, message, errors = finished(started(environment, *ENCRYPT, "-", "-"), PLAINTEXT)
    assert (code, errors) == (0, b"")

    assert finished(started(environment, *DECRYPT, "-", "-"), message) == (0, PLAINTEXT, b"")
    code, output, errors = finished(started(environment, *DECRYPT, "-", "plain"), message[:-100])
    assert (code, output, errors.count(b"\n")) == (ExitCode.MALFORMED, b"", 1)
    assert list(Path(environment["HOME"]).iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_nothing_behind(number: int, environment: dict[str, str]) -> None:
    folder = Path(environment["HOME"])
    command = started(environment, *ENCRYPT, "-", "message")
    assert command.stdin is not None
    command.stdin.write(PLAINTEXT)  # and no end of it
    command.stdin.flush()
    while not any(path.stat().st_size for path in folder.iterdir()):
        assert command.poll() is None
        time.sleep(0.01)

    command.send_signal(number)

    assert finished(command) == (128 + number, b"", b"")
    assert list(folder.iterdir()) == []


def test_a_reader_that_stops_is_no_matter_for_a_word(environment: dict[str, str]) -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as pipe:
        command = started(environment, *ENCRYPT, "-", "-", output=pipe)
    os.close(reading)

    code, _, errors = finished(command, PLAINTEXT)
    assert (code, errors) == (BROKEN_PIPE, b"")


def test_letters_that_the_terminal_does_not_have_are_shown_all_the_same(environment: dict[str, str]) -> None:
    message = run_command("encrypt", *KEY, "--context", "city=Zürich 東京", "-", "-").stdout_bytes

    code, shown, errors = finished(started({**environment, "PYTHONIOENCODING": "latin-1"}, "inspect", "-"), message)

    assert (code, errors) == (0, b"")
    assert "city=Zürich ".encode("latin-1") + rb"\u6771\u4eac" in shown


def test_without_the_extra_one_line_says_how_to_get_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"], needed=["boto3", "is_not_installed"]) == NOT_INSTALLED

    assert capsys.readouterr() == (
        "",
        "kms-envelope: needs the extra envelope, got no is_not_installed: pip install 'cdk-key-management[envelope]'\n",
    )
