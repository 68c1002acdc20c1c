"""Where an operation of ministack's Secrets Manager is replaced, and where one that it lacks is added.

An operation takes a request and returns an answer, both as JSON objects, or raises `SecretsError`. ministack looks its
own up by name when a request comes, so replacing that name is enough.
"""

import json
import re
from collections.abc import Callable
from typing import Any, TypeAlias

from ministack.core.responses import error_response_json, json_response
from ministack.services import secretsmanager

from local_aws.server.secrets.errors import SecretsError

Request: TypeAlias = dict[str, Any]
Response: TypeAlias = tuple[int, dict[str, str], bytes]
Operation: TypeAlias = Callable[[Request], Request]

ADDED: dict[str, Callable[[Request], Response]] = {}
"""The operations that ministack has no name for."""

_WORD = re.compile(r"(?<!^)(?=[A-Z])")


def add(name: str, operation: Operation) -> None:
    """Add an operation that ministack lacks."""
    ADDED[name] = _answering(operation)


def replace(name: str, operation: Operation) -> None:
    """Replace an operation that ministack has."""
    setattr(secretsmanager, _attribute(name), _answering(operation))


def wrap(name: str, operation: Callable[[Request, Operation], Request]) -> None:
    """Replace an operation; the new one gets what stood there before as its second argument."""
    former = getattr(secretsmanager, _attribute(name))
    replace(name, lambda request: operation(request, lambda given: _result_of(former(given))))


def perform(name: str, request: Request) -> Request:
    """Perform an operation for whoever was authorised to call it.

    Raises:
        SecretsError: If Secrets Manager refuses.
    """
    return _result_of((ADDED.get(name) or getattr(secretsmanager, _attribute(name)))(request))


def _answering(operation: Operation) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        try:
            response: Response = json_response(operation(request))
        except SecretsError as error:
            response = error_response_json(error.code, str(error), 400)
        return response

    return answer


def _result_of(response: Response) -> Request:
    status, _, body = response
    found: Request = json.loads(body or b"{}")
    if status >= 400:  # noqa: PLR2004  # HTTP's own boundary
        raise SecretsError(str(found.get("__type")), str(found.get("message", "")))
    return found


def _attribute(name: str) -> str:
    return "_" + _WORD.sub("_", name).lower()
