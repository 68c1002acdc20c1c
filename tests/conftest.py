"""What more than one folder of tests needs. Node and bytecode are settled before aws_cdk is imported."""

import gc
import json
import os
import re
import signal
import sys
from collections.abc import Callable, Generator
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.doctest import DoctestModule
from hypothesis import HealthCheck, settings

from constructs_lib.bundled_node import use_bundled_node
from tests.support.decision_counts import line_of_counts
from tests.support.message_counts import line_of_messages

# What a shell starts in the background ignores Ctrl-C, and so would every program that the tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
use_bundled_node()

if TYPE_CHECKING:
    import aws_cdk as cdk

# Time is no property of an example: on a busy machine any of them may be slow.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

ROOT = Path(__file__).resolve().parent.parent
FLAGS = json.loads((ROOT / "cdk.json").read_text())["context"]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Tell the garbage collector what stays; it would look through all of aws_cdk again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        # Looking for cycles after each 700 objects takes up to a twentieth of the time of tests that make many.
        gc.set_threshold(50_000, 20, 50)
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Look for examples only in those files of tests that have some; it means reading whatever a file imports."""
    found = yield
    return [each for each in found if not isinstance(each, DoctestModule) or ">>>" in file_path.read_text("utf-8")]


def pytest_make_parametrize_id(val: object) -> str | None:
    """Leave the number of a CDK token out of a test's name: it differs between the processes that share the tests."""
    if isinstance(val, str) and "${Token[" in val:
        return re.sub(r"\$\{Token\[(.*?)\.\d+\]\}", r"<\1>", val)
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much was decided; the process that shares tests out to others reads no conftest but this one."""
    for line_of in (line_of_counts, line_of_messages):
        line = line_of(terminalreporter.getreports("passed"))
        if line:
            terminalreporter.write_line(line)


@pytest.fixture
def make_app(tmp_path: Path) -> Callable[..., "cdk.App"]:
    """Make an App as `cdk.json` configures it: same flags, nothing bundled, validator off unless asked for."""

    def make(*, outdir: Path | None = None, **asked: Any) -> "cdk.App":
        return configured_app(outdir or tmp_path / "cdk.out", **asked)

    return make


def configured_app(outdir: Path, *, validate: bool = False, bundle: bool = False, **context: object) -> "cdk.App":
    """Make an App as `make_app` does, for fixtures of a whole module."""
    import aws_cdk as cdk  # noqa: PLC0415  # costs a second, which tests without the CDK need not pay

    bundling: dict[str, object] = {} if bundle else {"aws:cdk:bundling-stacks": []}
    severity = {"@aws-cdk/core:validateAgainstDefaultRules": validate}
    return cdk.App(
        outdir=str(outdir),
        analytics_reporting=False,
        tree_metadata=False,
        context={**FLAGS, **severity, **bundling, **context},
        **validator(validate=validate),
    )


def validator(*, validate: bool = False) -> dict[str, Any]:
    """Return what an App is told of the CDK's validator of templates.

    Before aws-cdk-lib 2.275 an App cannot turn it off; without its flag it only warns.
    """
    import aws_cdk as cdk  # noqa: PLC0415  # costs a second, which tests without the CDK need not pay

    name = "builtin_cloud_formation_validation"
    return {name: validate} if name in signature(cdk.App.__init__).parameters else {}
