"""What a log line says about a failure: never more of an unexpected one than its name and where it came from."""

import traceback
from pathlib import Path

from envelope.errors import EnvelopeError


def failure_facts(error: Exception) -> dict[str, str]:
    """Say what went wrong.

    Args:
        error: One of the errors of this package, of which the text is told; or what nobody expected, of which the
            place is told and not the text: a library may quote its input.

    Returns:
        `outcome`, the name, and `error`.

    Examples:
        >>> from envelope.errors import KeyUnavailable
        >>> failure_facts(KeyUnavailable("KMS must answer, got ThrottlingException"))
        {'outcome': 'KeyUnavailable', 'error': 'KMS must answer, got ThrottlingException'}
    """
    return {"outcome": type(error).__name__, "error": str(error) if isinstance(error, EnvelopeError) else _place(error)}


def _place(error: Exception) -> str:
    frames = list(traceback.walk_tb(error.__traceback__))
    if not frames:
        return "an unexpected exception that was not raised"
    frame, line = frames[-1]
    return f"{Path(frame.f_code.co_filename).name}:{line}"
