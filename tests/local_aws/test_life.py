import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.deploy

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import io, json, os, sys, time, zipfile
from local_aws import LocalAws

CODE = '''
import os, time
def handler(event, context):
    while event.get("forever"):
        pass
    return [os.getpid(), os.getppid()]
'''
package = io.BytesIO()
with zipfile.ZipFile(package, "w") as archive:
    archive.writestr("index.py", CODE)
with LocalAws() as aws:
    role = aws.create_role("function", service="lambda.amazonaws.com")
    client = aws.session().client("lambda")
    client.create_function(FunctionName="busy", Runtime="python3.13", Handler="index.handler", Role=role,
                           Timeout=900, Code={"ZipFile": package.getvalue()})
    function, server = json.load(client.invoke(FunctionName="busy")["Payload"])
    client.invoke(FunctionName="busy", InvocationType="Event", Payload=b'{"forever": true}')
    print(json.dumps({"folder": str(aws.ca_bundle.parent.parent), "processes": [function, server]}), flush=True)
    if sys.argv[1] == "leave":
        sys.exit(0)
    time.sleep(60)
"""


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


@pytest.mark.parametrize("end", [None, signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_however_its_program_ends(end: signal.Signals | None) -> None:
    with subprocess.Popen(  # noqa: S603  # the program above
        [sys.executable, "-c", PROGRAM, "stay" if end else "leave"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as program:
        assert program.stdout is not None
        told = json.loads(program.stdout.readline())
        if end is not None:
            assert all(_is_running(process) for process in told["processes"])
            program.send_signal(end)
        program.wait(timeout=60)  # far longer than it takes: only a program that hangs is to fail

    assert _eventually(lambda: not Path(told["folder"]).exists())
    assert _eventually(lambda: not any(_is_running(process) for process in told["processes"]))


def test_the_command_prints_its_environment_and_ends_in_order() -> None:
    with subprocess.Popen([sys.executable, "-m", "local_aws"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as command:
        assert command.stdout is not None
        lines = [command.stdout.readline() for _ in range(9)]
        settings = dict(line.removeprefix("export ").strip().split("=", 1) for line in lines)
        home = Path(settings["HOME"])
        assert home.is_dir()
        command.send_signal(signal.SIGINT)
        assert command.wait(timeout=15) == 0

    assert settings["AWS_ENDPOINT_URL"].startswith("https://localhost:")
    assert _eventually(lambda: not home.exists())


def test_the_cdk_cli_ends_with_the_program_that_runs_it(tmp_path: Path) -> None:
    told = tmp_path / "process"
    app = f"echo $PPID > {told}; exec sleep 20"
    program = f"from local_aws import LocalAws\nwith LocalAws() as aws: aws.cdk('list', '--app', {app!r})"
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT) as running:  # noqa: S603  # the program above
        assert _eventually(lambda: told.exists() and told.read_text() != "")
        command_line = int(told.read_text())
        assert _is_running(command_line)
        running.kill()

    assert _eventually(lambda: not _is_running(command_line))
