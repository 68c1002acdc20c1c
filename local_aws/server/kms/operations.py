"""Every call of KMS, over the network or out of CloudFormation, is held against states and usages of keys."""

from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import kms

from local_aws.server.kms.call_authorization import refusal_of_call
from local_aws.server.kms.errors import KmsError
from local_aws.server.kms.key_kinds import check_usage
from local_aws.server.kms.key_material import forget_expired
from local_aws.server.kms.key_states import check_state
from local_aws.server.kms.key_uses import key_uses, parsed
from local_aws.server.kms.registry import ADDED, Request, Response, function, result_of

_handle_as_ministack = kms.handle_request


def extend() -> None:
    """Stand between the network and the operations."""
    kms.handle_request = _handle_request


def perform(name: str, request: Request) -> Request:
    """Perform an operation for whoever was authorised to call it.

    Raises:
        KmsError: If KMS refuses.
    """
    _check(name, request)
    return result_of(function(name)(request))


def _check(name: str, request: Request) -> None:
    uses = key_uses(name, request)
    # The key that an alias leaves may be in any state.
    for use in uses[:1] if name == "UpdateAlias" else uses:
        if use.key is not None:
            forget_expired(use.key)
            check_state(use.action, use.key)
            check_usage(use.action, use.key)


async def _handle_request(method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Response:  # noqa: ANN401
    name = headers.get("x-amz-target", "").rpartition(".")[2]
    request = parsed(body)
    denied: Response | None = refusal_of_call(name, request, headers)
    if denied is not None:
        return denied
    try:
        _check(name, request)
    except KmsError as error:
        failed: Response = error_response_json(error.code, str(error), 400)
        return failed
    if name in ADDED:
        return ADDED[name](request)
    response: Response = await _handle_as_ministack(method, path, headers, body, query)
    return response
