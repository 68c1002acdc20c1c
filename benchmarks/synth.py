"""What our key costs over the CDK's own at synthesis.

`python -m benchmarks.synth` measures, by turns and in fresh processes, import, one key and synthesis, ours and
`kms.Key` with the same features; and, for information, a thousand keys in five stacks.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from constructs_lib.bundled_node import use_bundled_node

if TYPE_CHECKING:
    from aws_cdk import Stack

LIMIT = 1.10
"""One key may cost a tenth more than the CDK's own, import and synthesis included."""

_ROUNDS = 15
_MANY = 1_000
_STACKS = 5


def _ours(scope: "Stack", number: int) -> None:
    from constructs_lib import EncryptionKey  # noqa: PLC0415  # the import is part of what is measured

    EncryptionKey(scope, f"Key{number}", alias=f"benchmark/{number}")


def _raw(scope: "Stack", number: int) -> None:
    from aws_cdk import Duration, RemovalPolicy  # noqa: PLC0415  # the import is part of what is measured
    from aws_cdk import aws_kms as kms  # noqa: PLC0415

    kms.Key(
        scope,
        f"Key{number}",
        alias=f"benchmark/{number}",
        enable_key_rotation=True,
        rotation_period=Duration.days(365),
        pending_window=Duration.days(30),
        removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    )


_KINDS: dict[str, Callable[["Stack", int], None]] = {"ours": _ours, "raw": _raw}


@dataclass(frozen=True)
class Run:
    """What one process took.

    Attributes:
        wall: Seconds by the clock, interpreter and Node.js included.
        processor: Seconds of processor time of the process and of its Node.js.
        working: Seconds from the first construct to the end of synthesis.
    """

    wall: float
    processor: float
    working: float


def program(kind: str, keys: int, stacks: int) -> None:
    """Build and synthesise in this process, and print the seconds from the first construct on."""
    use_bundled_node()
    import aws_cdk as cdk  # noqa: PLC0415  # after Node.js is chosen

    with tempfile.TemporaryDirectory() as directory:
        # The CDK's own validator takes seconds whatever is in the app; with it, a difference would drown.
        app = cdk.App(outdir=directory, analytics_reporting=False, builtin_cloud_formation_validation=False)
        scopes = [cdk.Stack(app, f"Stack{number}") for number in range(stacks)]
        start = time.perf_counter()
        for number in range(keys):
            _KINDS[kind](scopes[number % stacks], number)
        app.synth()
        print(time.perf_counter() - start)


def measure(kind: str, keys: int, stacks: int) -> Run:
    """Run the program once in a fresh process.

    Args:
        kind: `ours` or `raw`.
        keys: How many.
        stacks: Over how many stacks they are spread.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(  # noqa: S603  # this file
        [sys.executable, "-m", "benchmarks.synth", kind, str(keys), str(stacks)],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
        cwd=Path(__file__).parent.parent,
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall, processor, float(done.stdout))


def compare(keys: int, stacks: int, rounds: int) -> dict[str, dict[str, float]]:
    """Return the median seconds of both kinds, measured by turns, and the ratio of the medians."""
    runs: dict[str, list[Run]] = {kind: [] for kind in _KINDS}
    for _ in range(rounds):
        for kind, found in runs.items():
            found.append(measure(kind, keys, stacks))
    table: dict[str, dict[str, float]] = {}
    for what in ("wall", "processor", "working"):
        ours, raw = (median(getattr(run, what) for run in runs[kind]) for kind in ("ours", "raw"))
        table[what] = {"ours": round(ours, 3), "raw": round(raw, 3), "ratio": round(ours / raw, 3)}
    return table


def main() -> None:
    """Print both tables, and whether one key stays within its limit. A figure is no test: nothing fails here."""
    for kind in _KINDS:
        measure(kind, 1, 1)  # bytecode and the unpacked CDK are there from now on
    one = compare(1, 1, _ROUNDS)
    many = compare(_MANY, _STACKS, 1)
    print("import, one key and synthesis in a fresh process:", json.dumps(one))
    print(f"{_MANY:,} keys in {_STACKS} stacks:", json.dumps(many))
    ratio = one["wall"]["ratio"]
    print(f"one key costs {ratio:.3f} of kms.Key; the limit is {LIMIT:.2f}: {'held' if ratio <= LIMIT else 'missed'}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        program(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
