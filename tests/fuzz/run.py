"""Fuzz for a time: `PYTHONPATH=.:lambda_src python -m tests.fuzz.run --seconds 600`."""

import argparse
import importlib
import importlib.util
import resource
import sys
import tempfile
from pathlib import Path

MEMORY_MIB = 320
"""Resident memory of a whole run: Python with its libraries, the coverage table, and twice the longest frame."""


def guided(*, seconds: int, target: str, findings: Path, corpus: Path | None) -> None:
    """Fuzz with atheris, which ends the process."""
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["envelope"]):
        targets = importlib.import_module("tests.fuzz.targets")
    seeds = importlib.import_module("tests.fuzz.seeds")
    findings.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(seeds.inputs()):
            (Path(folder) / str(number)).write_bytes(data)
        options = [
            f"-max_total_time={seconds}",
            f"-rss_limit_mb={MEMORY_MIB}",
            f"-artifact_prefix={findings}/",
            "-timeout=20",
            "-max_len=12000",
            "-print_final_stats=1",
            "-verbosity=0",
        ]
        folders = [str(corpus)] if corpus else []
        atheris.Setup([sys.argv[0], *options, *folders, folder], getattr(targets, target))
        atheris.Fuzz()


def unguided(*, seconds: int, target: str) -> None:
    """Fuzz by plain mutation."""
    from tests.fuzz.plain_mutation import fuzz  # noqa: PLC0415  # the guided way must import all this instrumented
    from tests.fuzz.seeds import inputs  # noqa: PLC0415

    targets = importlib.import_module("tests.fuzz.targets")
    tried = fuzz(getattr(targets, target), list(inputs()), seconds=seconds)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    assert used <= MEMORY_MIB, f"{used} MiB of memory were used"
    print(f"stat::number_of_executed_units: {tried}", file=sys.stderr)  # noqa: T201  # as libFuzzer says it


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--target", default="everything")
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"))
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--without-guidance", action="store_true")
    chosen = parser.parse_args()
    if chosen.without_guidance or importlib.util.find_spec("atheris") is None:
        unguided(seconds=chosen.seconds, target=chosen.target)
    else:
        guided(seconds=chosen.seconds, target=chosen.target, findings=chosen.findings, corpus=chosen.corpus)


if __name__ == "__main__":
    main()
