"""KMS's own checks of a key policy, on CreateKey, PutKeyPolicy and what CloudFormation does instead of them.

https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from ministack.core import iam_evaluator
from ministack.core.responses import error_response_json, get_account_id
from ministack.services import iam, kms
from ministack.services.cloudformation import provisioners

from local_aws.server.bound_principals import bind
from local_aws.server.caller import caller
from local_aws.server.decision import Question, evaluation_context

_LARGEST = 32_768
_CHARACTERS = re.compile(r"[\u0009\u000A\u000D\u0020-\u00FF]+")
_ACCOUNT = re.compile(r"\d{12}|arn:aws[a-z-]*:iam::\d{12}:root")
_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?")
_INVALID_PRINCIPAL = "Policy contains a statement with one or more invalid principals."
_LOCK_OUT = "The new key policy will not allow you to update the key policy in the future."

_Response: TypeAlias = tuple[int, dict[str, str], bytes]
_create_as_ministack = kms._create_key
_put_as_ministack = kms._put_key_policy
_payload_of_ministack = provisioners._kms_create_key_payload


class KeyPolicyError(Exception):
    """KMS refuses a key policy; `code` is the name of its exception."""

    def __init__(self, code: str, message: str) -> None:
        """Take the name of KMS's exception and its message."""
        super().__init__(message)
        self.code = code


def extend() -> None:
    """Check key policies in the API, and before CloudFormation's handlers of keys do anything."""
    kms._create_key = _create_key
    kms._put_key_policy = _put_key_policy
    provisioners._kms_create_key_payload = _payload
    for resource_type in ("AWS::KMS::Key", "AWS::KMS::ReplicaKey"):
        row = provisioners._RESOURCE_HANDLERS[resource_type]
        row["create"] = _checked_create(row["create"])
        row["update"] = _checked_update(row["update"])


def _checked_create(create: Callable[..., Any]) -> Callable[..., Any]:
    def checked(logical_id: str, properties: dict[str, Any], stack_name: str) -> Any:  # noqa: ANN401  # as `create`
        _check_properties(properties, kms._arn("new"))
        return create(logical_id, properties, stack_name)

    return checked


def _checked_update(update: Callable[..., Any]) -> Callable[..., Any]:
    def checked(key_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str) -> Any:  # noqa: ANN401
        record = kms._resolve_key(key_id)
        before = record["Policy"]
        if new.get("KeyPolicy") != old.get("KeyPolicy"):
            _check_properties(new, record["Arn"])
        answer = update(key_id, old, new, stack_name)
        # CloudFormation sets a policy that the template did not change no second time.
        is_set = new.get("KeyPolicy") is not None and new["KeyPolicy"] != old.get("KeyPolicy")
        record["Policy"] = bind(record["Policy"]) if is_set else before
        return answer

    return checked


def _check_properties(properties: dict[str, Any], key_arn: str) -> None:
    if properties.get("KeyPolicy") is not None:
        check_key_policy(properties["KeyPolicy"], properties, key_arn=key_arn)


def check_key_policy(policy: str | Mapping[str, Any], request: Mapping[str, Any], *, key_arn: str) -> None:
    """Check a key policy that the caller is about to set.

    Args:
        policy: The policy.
        request: What else was asked for; it may ask for the lock-out check to be left out.
        key_arn: The key.

    Raises:
        KeyPolicyError: If KMS would refuse it.
    """
    text = policy if isinstance(policy, str) else json.dumps(policy, separators=(",", ":"))
    if not _CHARACTERS.fullmatch(text):
        raise KeyPolicyError(
            "ValidationException",
            "1 validation error detected: Value at 'policy' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
        )
    if len(text.encode()) > _LARGEST:
        raise KeyPolicyError("LimitExceededException", f"Key policy exceeds the limit of {_LARGEST} bytes.")
    statements = _statements(text)
    if not all(_exists(principal) for principal in _principals(statements)):
        raise KeyPolicyError("MalformedPolicyDocumentException", _INVALID_PRINCIPAL)
    if not request.get("BypassPolicyLockoutSafetyCheck") and not _keeps_put_key_policy(text, key_arn):
        raise KeyPolicyError("MalformedPolicyDocumentException", _LOCK_OUT)


def _statements(text: str) -> list[dict[str, Any]]:
    try:
        document = json.loads(text)
        found = document["Statement"]
    except (ValueError, KeyError, TypeError) as error:
        raise KeyPolicyError("MalformedPolicyDocumentException", "Syntax errors in policy.") from error
    statements = found if isinstance(found, list) else [found]
    for statement in statements:
        whole = isinstance(statement, dict) and statement.get("Effect") in {"Allow", "Deny"}
        if not whole or not (statement.get("Action") or statement.get("NotAction")):
            raise KeyPolicyError("MalformedPolicyDocumentException", "Syntax errors in policy.")
        if not (statement.get("Principal") or statement.get("NotPrincipal")):
            raise KeyPolicyError("MalformedPolicyDocumentException", "Policy statement must contain principals.")
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
    context = {"kms:CallerAccount": get_account_id(), "kms:BypassPolicyLockoutSafetyCheck": "false"}
    question = Question(action="kms:PutKeyPolicy", resource=key_arn, context=context)
    evaluation = evaluation_context(question, caller())
    return bool(iam_evaluator.evaluate_resource_policy(text, evaluation).decision == "Allow")


def _create_key(request: dict[str, Any]) -> _Response:
    policy = request.get("Policy")
    refused = _refused(request, kms._arn("new")) if policy is not None else None
    bound = {**request, "Policy": bind(policy)} if policy is not None and refused is None else request
    response: _Response = refused or _create_as_ministack(bound)
    return response


def _put_key_policy(request: dict[str, Any]) -> _Response:
    record = kms._resolve_key(request.get("KeyId", ""))
    refused = _refused(request, record["Arn"]) if record else None
    if record and refused is None:
        request = {**request, "Policy": bind(request["Policy"])}
    response: _Response = refused or _put_as_ministack(request)
    return response


def _refused(request: dict[str, Any], key_arn: str) -> _Response | None:
    try:
        check_key_policy(request.get("Policy", ""), request, key_arn=key_arn)
    except KeyPolicyError as error:
        response: _Response = error_response_json(error.code, str(error), 400)
        return response
    return None


def _payload(properties: dict[str, Any]) -> dict[str, Any]:
    payload: dict[str, Any] = _payload_of_ministack(properties)
    payload["BypassPolicyLockoutSafetyCheck"] = bool(properties.get("BypassPolicyLockoutSafetyCheck"))
    return payload
