"""Run the embedded AWS until Ctrl-C and print the environment to use it: `python -m local_aws`."""

import argparse
import shlex
import signal
import sys
import threading
from types import FrameType

from local_aws.local_aws import LocalAws


def main() -> None:
    """Start it, print what a shell has to export, and wait to be stopped."""
    parser = argparse.ArgumentParser(
        prog="python -m local_aws",
        description="Run an AWS of your own on this machine until Ctrl-C, and print how a shell reaches it.",
    )
    parser.add_argument("--region", help="the Region that it is")
    chosen = parser.parse_args()
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with LocalAws(**({"region": chosen.region} if chosen.region else {})) as aws:
        for name, value in aws.access().items():
            sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
        sys.stdout.flush()
        stopped.wait()


if __name__ == "__main__":
    main()
