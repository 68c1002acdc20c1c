"""The answer of one of ministack's operations, called from within it."""

import json
from typing import Any


def answer(response: tuple[int, Any, Any]) -> dict[str, Any]:
    """Read the answer of an operation.

    Raises:
        ValueError: If the operation failed; the text is its error message.
    """
    status, _, body = response
    found: dict[str, Any] = json.loads(body or b"{}")
    if status >= 400:  # noqa: PLR2004  # HTTP's own boundary
        raise ValueError(found.get("message") or found.get("__type") or str(found))
    return found
