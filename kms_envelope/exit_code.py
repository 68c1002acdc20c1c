"""What the command ends with: one number for each thing that a caller can do about it."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

from envelope.errors import (
    EnvelopeError,
    InvalidRequest,
    KeyAccessDenied,
    KeyUnavailable,
    LimitExceeded,
    MalformedMessage,
    NotAuthentic,
    StorageAccessDenied,
    StorageUnavailable,
)


class ExitCode(IntEnum):
    """The exit codes, with what to do."""

    DONE = 0
    """Nothing: it worked."""
    USAGE = 2
    """Fix the command line."""
    MALFORMED = 3
    """Stop: the input is no message, or none that was asked for."""
    NOT_AUTHENTIC = 4
    """Stop: forged or corrupted, or the key or the encryption context is another one."""
    ACCESS_DENIED = 5
    """Ask somebody who administers the key, the object or the role, or log in."""
    UNAVAILABLE = 6
    """Try again later."""
    LIMIT = 7
    """Send less."""
    OUTPUT_EXISTS = 8
    """Choose another output, or say `--overwrite`."""
    FILE = 10
    """Look at the file, the object or the disk: it cannot be read or written."""


# 9 is `command_line.NOT_INSTALLED`, which must be said before this module can be imported.

BROKEN_PIPE: Final = 141
"""Who reads the output stopped reading: 128 and the number of SIGPIPE, as a shell says it."""

_CODES: Final[Mapping[type[EnvelopeError], ExitCode]] = {
    InvalidRequest: ExitCode.USAGE,
    MalformedMessage: ExitCode.MALFORMED,
    NotAuthentic: ExitCode.NOT_AUTHENTIC,
    KeyAccessDenied: ExitCode.ACCESS_DENIED,
    StorageAccessDenied: ExitCode.ACCESS_DENIED,
    KeyUnavailable: ExitCode.UNAVAILABLE,
    StorageUnavailable: ExitCode.UNAVAILABLE,
    LimitExceeded: ExitCode.LIMIT,
}


def exit_code_of(error: Exception) -> ExitCode | None:
    """Say what an exception ends the command with.

    Args:
        error: What was raised.

    Returns:
        The exit code; None for what nobody expected, which is worth a traceback.

    Examples:
        >>> exit_code_of(NotAuthentic()).name
        'NOT_AUTHENTIC'
    """
    if isinstance(error, FileExistsError):
        return ExitCode.OUTPUT_EXISTS
    if isinstance(error, OSError):
        return ExitCode.FILE
    return next((code for kind, code in _CODES.items() if isinstance(error, kind)), None)
