"""The process ends with the one that started it and takes its folder and its functions with it."""

import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn


def end_with_parent(folder: Path, hear: Callable[[str], None]) -> None:
    """End this process, and remove `folder`, when standard input closes or a signal asks for it.

    Until then every line of it is handed to `hear`, in a thread of its own. The other end of standard input belongs to
    the parent alone. The kernel closes it however the parent ends, SIGKILL included, on Linux and macOS alike, and a
    blocked event loop does not delay a thread.
    """

    def on_signal(_signal: int, _frame: FrameType | None) -> None:
        _end(folder)

    def on_end_of_input() -> None:
        for line in sys.stdin:
            hear(line)
        _end(folder)

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    threading.Thread(target=on_end_of_input, name="end-with-parent", daemon=True).start()


def _end(folder: Path) -> NoReturn:
    runtime = sys.modules.get("ministack.core.lambda_runtime")
    try:
        if runtime is not None:
            runtime.reset()
    finally:
        # A function that was just starting may still have written a file.
        for _ in range(3):
            shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)
