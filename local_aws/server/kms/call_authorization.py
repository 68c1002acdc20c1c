"""Which IAM actions on which keys a call of KMS needs, where ministack asks for one of them or another.

ministack knows the key of most calls. It asks nobody's key policy about aliases, re-encryption and a
multi-Region key's ciphertext, and takes an alias for a resource of its own.
https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ministack.core import iam_actions
from ministack.core.responses import get_account_id, get_region, new_uuid, request_scope

from local_aws.server.caller import caller
from local_aws.server.decision import Question, refusal
from local_aws.server.kms.condition_keys import kms_context
from local_aws.server.kms.key_uses import KeyUse, key_uses, parsed

_action_of_ministack = iam_actions.extract_iam_action
_resource_of_ministack = iam_actions.extract_resource_arn


def extend() -> None:
    """Let the first permission that a call needs be asked by ministack; `refusal_of_call` asks for the others."""
    iam_actions.extract_iam_action = _action
    iam_actions.extract_resource_arn = _resource


def refusal_of_call(operation: str, request: Mapping[str, Any], headers: Mapping[str, str]) -> Any:  # noqa: ANN401
    """Ask for the permissions that a call needs beside its first.

    Args:
        operation: The name of the operation.
        request: Its parameters.
        headers: Those of the request over the network.

    Returns:
        ministack's response if one of them is missing.
    """
    for question in _further(operation, request):
        principal = caller()
        refused = refusal(question, principal)
        if refused is not None:
            return iam_actions.access_denied_response(
                "kms", question.action, principal.arn, new_uuid(), headers=headers, message=refused
            )
    return None


def _further(operation: str, request: Mapping[str, Any]) -> Iterator[Question]:
    uses = key_uses(operation, request)
    for use in uses[1:]:
        if use.key is not None:
            yield _question(operation, request, use)
    name = request.get("AliasName")
    if operation in {"CreateAlias", "UpdateAlias", "DeleteAlias"} and isinstance(name, str):
        arn = f"arn:aws:kms:{get_region()}:{get_account_id()}:{name}"
        # An alias has no policy: IAM alone decides.
        yield Question(action=f"kms:{operation}", resource=arn)
    if operation == "ReplicateKey":
        with request_scope(get_account_id(), str(request.get("ReplicaRegion"))):
            yield Question(action="kms:CreateKey", resource="*", context=kms_context("CreateKey", {}, None))


def _question(operation: str, request: Mapping[str, Any], use: KeyUse) -> Question:
    return Question(
        action=f"kms:{use.action}",
        resource=use.key["Arn"] if use.key else "*",
        context=kms_context(operation, request, use),
    )


def _action(service: str, *rest: Any) -> str | None:  # noqa: ANN401  # ministack's own signature
    found: str | None = _action_of_ministack(service, *rest)
    return "kms:ReEncryptFrom" if found == "kms:ReEncrypt" else found


def _resource(service: str, method: str, path: str, headers: Any, body: bytes, *rest: Any) -> str:  # noqa: ANN401
    if service == "kms":
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        first = next(iter(key_uses(operation, parsed(body))), None)
        if first is not None and first.key is not None:
            return str(first.key["Arn"])
    found: str = _resource_of_ministack(service, method, path, headers, body, *rest)
    return found
