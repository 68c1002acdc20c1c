"""What our key costs over the CDK's own at synthesis.

`python -m benchmarks.synth` measures, by turns and in fresh processes, import, one key and synthesis, ours and
`kms.Key` with the same features.
"""

import json
import sys
import tempfile
import time
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.fresh_process import Run, run_fresh
from benchmarks.one_key import our_key, raw_key
from constructs_lib.bundled_node import use_bundled_node

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk import Stack

LIMIT = 1.10
"""One key may cost a tenth more than the CDK's own, import and synthesis included."""

_ROUNDS = 15
_KINDS: dict[str, "Callable[[Stack, int], object]"] = {"ours": our_key, "raw": raw_key}


def program(kind: str) -> None:
    """Build and synthesise in this process, and print the seconds from the first construct on."""
    use_bundled_node()
    import aws_cdk as cdk  # noqa: PLC0415  # after Node.js is chosen

    with tempfile.TemporaryDirectory() as directory:
        # The CDK's own validator takes seconds whatever is in the app; with it, a difference would drown.
        app = cdk.App(outdir=directory, analytics_reporting=False, builtin_cloud_formation_validation=False)
        stack = cdk.Stack(app, "Stack")
        start = time.perf_counter()
        _KINDS[kind](stack, 0)
        app.synth()
        print(time.perf_counter() - start)


def compare(rounds: int) -> dict[str, dict[str, float]]:
    """Return the median seconds of both kinds, measured by turns, and the ratio of the medians."""
    runs: dict[str, list[Run]] = {kind: [] for kind in _KINDS}
    for _ in range(rounds):
        for kind, found in runs.items():
            found.append(run_fresh("benchmarks.synth", kind))
    table: dict[str, dict[str, float]] = {}
    for what in ("wall", "processor", "working"):
        ours, raw = (median(getattr(run, what) for run in runs[kind]) for kind in ("ours", "raw"))
        table[what] = {"ours": round(ours, 3), "raw": round(raw, 3), "ratio": round(ours / raw, 3)}
    return table


def main() -> None:
    """Print the table, and whether one key stays within its limit. A figure is no test: nothing fails here."""
    for kind in _KINDS:
        run_fresh("benchmarks.synth", kind)  # bytecode and the unpacked CDK are there from now on
    one = compare(_ROUNDS)
    print("import, one key and synthesis in a fresh process:", json.dumps(one))
    ratio = one["wall"]["ratio"]
    print(f"one key costs {ratio:.3f} of kms.Key; the limit is {LIMIT:.2f}: {'held' if ratio <= LIMIT else 'missed'}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        program(sys.argv[1])
    else:
        main()
