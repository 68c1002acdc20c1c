"""KMS's own checks of a key policy, wherever a key gets one.

https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, request_scope
from ministack.services import iam, kms
from ministack.services.cloudformation import provisioners

from local_aws.server.caller import caller
from local_aws.server.decision import Question, evaluation_context
from local_aws.server.kms import registry
from local_aws.server.kms.bound_principals import bind
from local_aws.server.kms.errors import KmsError
from local_aws.server.kms.handler_errors import with_handler_errors
from local_aws.server.kms.registry import Operation, Request

_LARGEST = 32_768
_CHARACTERS = re.compile(r"[\u0009\u000A\u000D\u0020-\u00FF]+")
_ACCOUNT = re.compile(r"\d{12}|arn:aws[a-z-]*:iam::\d{12}:root")
_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?")
_INVALID_PRINCIPAL = "Policy contains a statement with one or more invalid principals."
_LOCK_OUT = "The new key policy will not allow you to update the key policy in the future."

_payload_of_ministack = provisioners._kms_create_key_payload


def extend() -> None:
    """Check key policies in the API."""
    registry.wrap("CreateKey", _create_key)
    registry.wrap("PutKeyPolicy", _put_key_policy)
    registry.wrap("ReplicateKey", _replicate_key)
    provisioners._kms_create_key_payload = _payload


def extend_handlers() -> None:
    """Check them before CloudFormation's handlers of keys do anything, or anybody asks who may."""
    for resource_type in ("AWS::KMS::Key", "AWS::KMS::ReplicaKey"):
        row = provisioners._RESOURCE_HANDLERS[resource_type]
        row["create"] = with_handler_errors(_checked_create(row["create"]))


def _checked_create(create: Callable[..., Any]) -> Callable[..., Any]:
    def checked(logical_id: str, properties: dict[str, Any], stack_name: str) -> Any:  # noqa: ANN401  # as `create`
        if properties.get("KeyPolicy") is not None:
            check_key_policy(properties["KeyPolicy"], properties, key_arn=kms._arn("new"))
        return create(logical_id, properties, stack_name)

    return checked


def check_key_policy(policy: str | Mapping[str, Any], request: Mapping[str, Any], *, key_arn: str) -> None:
    """Check a key policy that the caller is about to set.

    Args:
        policy: The policy.
        request: What else was asked for; it may ask for the lock-out check to be left out.
        key_arn: The key.

    Raises:
        KmsError: If KMS would refuse it.
    """
    text = policy if isinstance(policy, str) else json.dumps(policy, separators=(",", ":"))
    if not _CHARACTERS.fullmatch(text):
        raise KmsError(
            "ValidationException",
            "1 validation error detected: Value at 'policy' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
        )
    if len(text.encode()) > _LARGEST:
        raise KmsError("LimitExceededException", f"Key policy exceeds the limit of {_LARGEST} bytes.")
    statements = _statements(text)
    if not all(_exists(principal) for principal in _principals(statements)):
        raise KmsError("MalformedPolicyDocumentException", _INVALID_PRINCIPAL)
    if not request.get("BypassPolicyLockoutSafetyCheck") and not _keeps_put_key_policy(text, key_arn):
        raise KmsError("MalformedPolicyDocumentException", _LOCK_OUT)


def _statements(text: str) -> list[dict[str, Any]]:
    try:
        document = json.loads(text)
        found = document["Statement"]
    except (ValueError, KeyError, TypeError) as error:
        raise KmsError("MalformedPolicyDocumentException", "Syntax errors in policy.") from error
    statements = found if isinstance(found, list) else [found]
    for statement in statements:
        whole = isinstance(statement, dict) and statement.get("Effect") in {"Allow", "Deny"}
        if not whole or not (statement.get("Action") or statement.get("NotAction")):
            raise KmsError("MalformedPolicyDocumentException", "Syntax errors in policy.")
        if not (statement.get("Principal") or statement.get("NotPrincipal")):
            raise KmsError("MalformedPolicyDocumentException", "Policy statement must contain principals.")
    return statements


def _principals(statements: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for statement in statements:
        principal = statement.get("Principal") or statement.get("NotPrincipal")
        kinds = principal if isinstance(principal, dict) else {"AWS": principal}
        for kind, names in kinds.items():
            for name in names if isinstance(names, list) else [names]:
                yield kind, str(name)


def _exists(principal: tuple[str, str]) -> bool:
    kind, name = principal
    if kind == "Service":
        return bool(_SERVICE.fullmatch(name))
    if kind != "AWS":
        return kind == "Federated"
    if name == "*" or _ACCOUNT.fullmatch(name):
        return True
    account, _, entity = name.removeprefix("arn:aws:").partition(":")[2].lstrip(":").partition(":")
    if account != get_account_id():
        return False
    if name.startswith("arn:aws:sts:"):
        return bool(iam._roles.get_scoped(account, None, entity.split("/")[1]))
    stores = {"role": iam._roles, "user": iam._users}
    store = stores.get(entity.partition("/")[0])
    found = store.get_scoped(account, None, name.rsplit("/", 1)[-1]) if store is not None else None
    return bool(found and found["Arn"] == name)


def _keeps_put_key_policy(text: str, key_arn: str) -> bool:
    question = Question(action="kms:PutKeyPolicy", resource=key_arn, context={"kms:CallerAccount": get_account_id()})
    evaluation = evaluation_context(question, caller())
    return bool(iam_evaluator.evaluate_resource_policy(text, evaluation).decision == "Allow")


def _create_key(request: Request, create: Operation) -> Request:
    return create(_checked(request, kms._arn("new")))


def _put_key_policy(request: Request, put: Operation) -> Request:
    record = kms._resolve_key(request.get("KeyId"))
    if record is None:
        return put(request)
    return put(_checked({"Policy": "", **request}, record["Arn"]))


def _replicate_key(request: Request, replicate: Operation) -> Request:
    with request_scope(get_account_id(), str(request.get("ReplicaRegion"))):
        checked = _checked(request, kms._arn("new"))
    return replicate(checked)


def _checked(request: Request, key_arn: str) -> Request:
    policy = request.get("Policy")
    if policy is None:
        return request
    check_key_policy(policy, request, key_arn=key_arn)
    return {**request, "Policy": bind(policy)}


def _payload(properties: dict[str, Any]) -> dict[str, Any]:
    payload: dict[str, Any] = _payload_of_ministack(properties)
    if "BypassPolicyLockoutSafetyCheck" in properties:
        payload["BypassPolicyLockoutSafetyCheck"] = properties["BypassPolicyLockoutSafetyCheck"]
    return payload
