"""The entry point: what is missing is said in one line, and everything else is loaded after that."""

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from io import TextIOWrapper
from typing import Final

from kms_envelope.interruption import Interrupted, interruptible
from kms_envelope.lambda_source import make_importable

NOT_INSTALLED: Final = 9
"""The exit code without the extra."""

_NEEDED: Final = ("boto3", "click", "cryptography")


def main(arguments: Sequence[str] | None = None, *, needed: Sequence[str] = _NEEDED) -> int:
    """Run the command.

    Args:
        arguments: The command line without the program's name. Default: that of this process.
        needed: The packages that must be there. Default: those of the extra.

    Returns:
        The exit code.
    """
    missing = [name for name in needed if find_spec(name) is None]
    if missing:
        sys.stderr.write(
            f"kms-envelope: needs the extra envelope, got no {', '.join(missing)}: "
            "pip install 'cdk-key-management[envelope]'\n"
        )
        return NOT_INSTALLED
    make_importable()
    if isinstance(sys.stdout, TextIOWrapper):
        # What a message says may be in letters that this terminal does not have.
        sys.stdout.reconfigure(errors="backslashreplace")
    from kms_envelope.program import program  # noqa: PLC0415  # it needs what was found just now

    try:
        with interruptible():
            program.main(arguments, prog_name="kms-envelope")
    except Interrupted as stop:
        return stop.exit_code
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
