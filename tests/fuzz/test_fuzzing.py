"""Bounded runs of the fuzzer; `make fuzz` runs it for longer."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from envelope.keys.keyring import Keyring
from tests.fuzz.plain_mutation import fuzz
from tests.fuzz.seeds import inputs, messages
from tests.fuzz.targets import TARGETS, everything, in_memory, message_of
from tests.support.opening import whole
from tests.support.published import Record

ROOT = Path(__file__).parents[2]


def test_every_seed_passes_every_target(record_property: Record) -> None:
    seeds = list(inputs())

    for data in seeds:
        everything(data)
    record_property("inputs fuzzed", len(seeds))


def test_putting_the_tags_of_a_good_message_right_changes_nothing_but_its_signature() -> None:
    for sealed in messages():
        for target in TARGETS.values():
            target(b"\x01\x00\x05" + sealed)
        again = message_of(b"\x01" + sealed)
        assert again[:3] == sealed[:3]


def test_a_guided_run_finds_nothing(tmp_path: Path, record_property: Record) -> None:
    """Guided by coverage where there is a wheel of atheris, else by plain mutation."""
    command = [sys.executable, "-m", "tests.fuzz.run", "--seconds", "2", "--findings", str(tmp_path)]
    run = subprocess.run(  # noqa: S603  # our own program
        # By a small process in between: Linux counts the largest memory of whoever starts a program as the program's.
        [sys.executable, "-c", "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:]))", *command],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'lambda_src'}", "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    tried = re.search(r"number_of_executed_units: *(\d+)", run.stderr)

    assert run.returncode == 0, run.stderr[-3000:]
    assert tried is not None
    record_property("inputs fuzzed", int(tried[1]))


def test_a_run_without_guidance_finds_nothing_either(record_property: Record) -> None:
    tried = fuzz(everything, list(inputs()), seconds=0.5)

    assert tried > 0
    record_property("inputs fuzzed", tried)


def without_the_last_check(sealed: bytes, keyring: Keyring) -> bytes:
    """A reader with a defect: it does not mind what follows a message."""
    for end in range(len(sealed), 0, -1):
        try:
            return whole(sealed[:end], keyring)
        except Exception as error:  # noqa: BLE001  # it has more than one defect
            refusal = error
    raise refusal


def test_a_run_finds_the_defect_of_a_bad_reader() -> None:
    seeds = [data[1:] for data in inputs() if data[0] == 1]

    with pytest.raises(AssertionError, match="one reader refuses what the other reads"):
        fuzz(lambda data: in_memory(data, opener=without_the_last_check), seeds, seconds=20)
