"""Where an operation of ministack's KMS is replaced, and where one that it lacks is added.

An operation takes a request and returns an answer, both as JSON objects, or raises `KmsError`. ministack looks
its own up by name when a request comes, so replacing that name is enough.
"""

import json
import re
from collections.abc import Callable
from typing import Any, TypeAlias

from ministack.core.responses import error_response_json, json_response
from ministack.services import kms

from local_aws.server.kms.errors import KmsError

Request: TypeAlias = dict[str, Any]
Response: TypeAlias = tuple[int, dict[str, str], bytes]
Operation: TypeAlias = Callable[[Request], Request]

ADDED: dict[str, Callable[[Request], Response]] = {}
"""The operations that ministack has no name for."""

_WORD = re.compile(r"(?<!^)(?=[A-Z])")


def add(name: str, operation: Operation) -> None:
    """Add an operation that ministack lacks."""
    ADDED[name] = answering(operation)


def wrap(name: str, operation: Callable[[Request, Operation], Request]) -> None:
    """Replace an operation that ministack has; the new one gets what stood there before as its second argument."""
    former = _reading(function(name))
    setattr(kms, _attribute(name), answering(lambda request: operation(request, former)))


def function(name: str) -> Callable[[Request], Response]:
    """Find the function of an operation, whoever brought it."""
    found: Callable[[Request], Response] = ADDED[name] if name in ADDED else getattr(kms, _attribute(name))
    return found


def answering(operation: Operation) -> Callable[[Request], Response]:
    """Answer an operation's result, or its refusal, as KMS answers over the network."""

    def answer(request: Request) -> Response:
        try:
            response: Response = json_response(operation(request))
        except KmsError as error:
            response = error_response_json(error.code, str(error), 400)
        return response

    return answer


def result_of(response: Response) -> Request:
    """Read an answer.

    Raises:
        KmsError: If it is a refusal.
    """
    status, _, body = response
    found: Request = json.loads(body or b"{}")
    if status >= 400:  # noqa: PLR2004  # HTTP's own boundary
        raise KmsError(str(found.get("__type")), str(found.get("message", "")))
    return found


def _reading(answer: Callable[[Request], Response]) -> Operation:
    return lambda request: result_of(answer(request))


def _attribute(name: str) -> str:
    return "_" + _WORD.sub("_", name).lower()
