"""A benchmark's program in a process of its own: nothing is warm there that is cold for a user."""

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """What one process took.

    Attributes:
        wall: Seconds by the clock, interpreter and Node.js included.
        processor: Seconds of processor time of the process and of its Node.js.
        working: Seconds from the first construct to the end of synthesis, as the program printed them.
    """

    wall: float
    processor: float
    working: float


def run_fresh(module: str, *arguments: object) -> Run:
    """Run a module's program once, which prints a number of seconds.

    Args:
        module: Its name.
        *arguments: What it is told.
    """
    # Bytecode files make importing aws_cdk four times as fast; a machine that forbids them is overruled here.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(  # noqa: S603  # this package
        [sys.executable, "-m", module, *map(str, arguments)],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
        cwd=Path(__file__).parent.parent,
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall, processor, json.loads(done.stdout))
