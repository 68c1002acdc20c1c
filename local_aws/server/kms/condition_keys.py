"""The condition keys that KMS adds to a request and ministack does not compute.

https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
"""

import json
from collections.abc import Mapping
from typing import Any

from ministack.core import iam_actions
from ministack.core.responses import get_account_id

_context_of_ministack = iam_actions.request_tag_context

# Whose key policies can ask whether AWS acts for itself.
_GRANT_OPERATIONS = ("CreateGrant", "ListGrants", "RevokeGrant")


def extend() -> None:
    """Let every KMS request carry its condition keys."""
    iam_actions.request_tag_context = _request_context


def _request_context(service: str, iam_action: str, body: bytes, params: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = _context_of_ministack(service, iam_action, body, params)
    if service == "kms":
        found.update(kms_context(iam_action.removeprefix("kms:"), _parsed(body)))
    return found


def kms_context(operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Compute the condition keys of one request, made directly and not through another service.

    `kms:ViaService` is therefore absent, and AWS never acts for itself. The key of an encryption context
    pair is not case-sensitive as part of a condition key's name.
    """
    found: dict[str, Any] = {"kms:CallerAccount": get_account_id()}
    pairs = _encryption_context(operation, request)
    if pairs:
        found["kms:EncryptionContextKeys"] = list(pairs)
    for name in {key.lower() for key in pairs}:
        values = [value for key, value in pairs.items() if key.lower() == name]
        # Two keys that differ in case only: the evaluator equals a list to no single value, which refuses.
        found[f"kms:encryptioncontext:{name}"] = values[0] if len(values) == 1 else values
    if operation in _GRANT_OPERATIONS:
        found["kms:GrantIsForAWSResource"] = "false"
    if operation in {"CreateKey", "PutKeyPolicy"}:
        found["kms:BypassPolicyLockoutSafetyCheck"] = str(bool(request.get("BypassPolicyLockoutSafetyCheck"))).lower()
    return found


def _encryption_context(operation: str, request: Mapping[str, Any]) -> dict[str, str]:
    if operation == "CreateGrant":
        constraints = request.get("Constraints") or {}
        given = constraints.get("EncryptionContextEquals") or constraints.get("EncryptionContextSubset")
    else:
        given = request.get("EncryptionContext")
    return {str(key): str(value) for key, value in (given or {}).items()}


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
