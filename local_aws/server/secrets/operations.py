"""Every call over the network happens where its secret is, with the operations that ministack lacks."""

from typing import Any

from ministack.services import secretsmanager

from local_aws.server.kms.key_uses import parsed
from local_aws.server.secrets.records import where_it_is
from local_aws.server.secrets.registry import ADDED, Response

_handle_as_ministack = secretsmanager.handle_request


def extend() -> None:
    """Stand between the network and the operations."""
    secretsmanager.handle_request = _handle_request


async def _handle_request(method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Response:  # noqa: ANN401  # ministack's own
    name, request = headers.get("x-amz-target", "").rpartition(".")[2], parsed(body)
    with where_it_is(request.get("SecretId")):
        if name in ADDED:
            return ADDED[name](request)
        response: Response = await _handle_as_ministack(method, path, headers, body, query)
        return response
