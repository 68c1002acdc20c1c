"""The operations of ACM that answer in ministack's place.

An operation takes a request and returns an answer, both as JSON objects, or raises `AcmError`.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from ministack.services import acm

from local_aws.server import late_modules

Request: TypeAlias = dict[str, Any]
Operation: TypeAlias = Callable[[Request], Request]

OPERATIONS: dict[str, Operation] = {}
"""By the names that the API gives them; empty until ministack's ACM is loaded."""


def perform(name: str, request: Request) -> Request:
    """Perform an operation for whoever was authorised to call it.

    Raises:
        AcmError: If ACM refuses.
    """
    late_modules.load(acm)
    return OPERATIONS[name](request)
