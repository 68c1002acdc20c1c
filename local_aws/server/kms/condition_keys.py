"""The condition keys that KMS adds to a request and ministack does not compute.

https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
"""

from collections.abc import Mapping
from typing import Any

from ministack.core import iam_actions
from ministack.core.responses import get_account_id
from ministack.services import kms

from local_aws.server.kms.key_uses import GRANT, KeyUse, key_uses, parsed, retired_grant

# Parameters that become a condition key of the same name where a request has them.
_SAME_NAME = {
    "CreateGrant": ("GranteePrincipal", "RetiringPrincipal"),
    "DeriveSharedSecret": ("KeyAgreementAlgorithm",),
    "EnableKeyRotation": ("RotationPeriodInDays",),
    "GenerateMac": ("MacAlgorithm",),
    "GetParametersForImport": ("WrappingAlgorithm", "WrappingKeySpec"),
    "ImportKeyMaterial": ("ExpirationModel", "ValidTo"),
    "ReplicateKey": ("ReplicaRegion",),
    "Sign": ("SigningAlgorithm",),
    "UpdatePrimaryRegion": ("PrimaryRegion",),
    "Verify": ("SigningAlgorithm",),
    "VerifyMac": ("MacAlgorithm",),
}
# Whose key policies can ask whether AWS acts for itself.
_OF_GRANTS = frozenset(("CreateGrant", "ListGrants", "RevokeGrant"))
_SET_POLICIES = frozenset(("CreateKey", "PutKeyPolicy"))
_DATA_KEY_PAIRS = frozenset(("GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext"))
_ENCRYPTING = _DATA_KEY_PAIRS | {
    "Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo",
}  # fmt: skip
_SYMMETRIC = "SYMMETRIC_DEFAULT"

_context_of_ministack = iam_actions.request_tag_context


def extend() -> None:
    """Let every KMS request carry its condition keys."""
    iam_actions.request_tag_context = _request_context


def kms_context(operation: str, request: Mapping[str, Any], use: KeyUse | None) -> dict[str, Any]:
    """Compute the condition keys of a request for one of its keys, made directly and not through another service.

    `kms:ViaService` is therefore absent, and AWS never acts for itself. What a request leaves out is absent too,
    unless it has a default that the page above counts as said, such as a new key's spec.

    Args:
        operation: The name of the operation.
        request: Its parameters.
        use: What it does with that key; nothing if it is about no key that exists.
    """
    found: dict[str, Any] = {"kms:CallerAccount": get_account_id()}
    found |= request_keys(operation, request)
    if use is not None and use.key is not None:
        found |= key_context(use.key)
        if use.action in _ENCRYPTING:
            found["kms:EncryptionAlgorithm"] = use.algorithm or _SYMMETRIC
    grant = retired_grant(request) if operation == "RetireGrant" else None
    found |= {GRANT: grant["GrantId"]} if grant else {}
    if operation == "ReEncrypt":
        arns = {each.key["Arn"] for each in key_uses(operation, request) if each.key is not None}
        found["kms:ReEncryptOnSameKey"] = _flag(len(arns) == 1)
    return found | _encryption_context(operation, request, use)


def request_keys(operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Compute the condition keys that an operation's parameters give, whoever calls.

    Args:
        operation: The name of the operation.
        request: Its parameters.
    """
    found = {f"kms:{name}": request[name] for name in _SAME_NAME.get(operation, ()) if name in request}
    if operation in _SET_POLICIES and "BypassPolicyLockoutSafetyCheck" in request:
        found["kms:BypassPolicyLockoutSafetyCheck"] = _flag(request["BypassPolicyLockoutSafetyCheck"])
    if operation == "ScheduleKeyDeletion" and "PendingWindowInDays" in request:
        found["kms:ScheduleKeyDeletionPendingWindowInDays"] = request["PendingWindowInDays"]
    if operation in {"Sign", "Verify"}:
        found["kms:MessageType"] = request.get("MessageType", "RAW")
    if operation in _DATA_KEY_PAIRS and "KeyPairSpec" in request:
        found["kms:DataKeyPairSpec"] = request["KeyPairSpec"]
    if operation in _OF_GRANTS:
        found["kms:GrantIsForAWSResource"] = "false"
    if operation == "CreateGrant":
        found["kms:GrantOperations"] = request.get("Operations", [])
        constraint = next(iter(request.get("Constraints") or ()), None)
        found |= {"kms:GrantConstraintType": constraint} if constraint else {}
    if operation == "CreateKey":
        found["kms:KeySpec"] = request.get("KeySpec") or request.get("CustomerMasterKeySpec") or _SYMMETRIC
        found["kms:KeyUsage"] = request.get("KeyUsage", "ENCRYPT_DECRYPT")
        found["kms:KeyOrigin"] = request.get("Origin", "AWS_KMS")
        found["kms:MultiRegion"] = _flag(request.get("MultiRegion"))
    _, is_alias, alias = str(request.get("KeyId", "")).rpartition("alias/")
    return found | ({"kms:RequestAlias": is_alias + alias} if is_alias else {})


def key_context(key: Mapping[str, Any]) -> dict[str, Any]:
    """Compute the condition keys that any request about a key has from the key itself.

    Args:
        key: ministack's record of the key.
    """
    found: dict[str, Any] = {
        "kms:KeySpec": key["KeySpec"],
        "kms:KeyUsage": key["KeyUsage"],
        "kms:KeyOrigin": key["Origin"],
        "kms:MultiRegion": _flag(key.get("MultiRegion")),
        **{f"aws:ResourceTag/{tag['TagKey']}": tag["TagValue"] for tag in key.get("Tags", ())},
    }
    if key.get("MultiRegion"):
        found["kms:MultiRegionKeyType"] = key["_mrk_type"]
    aliases = [arn.rpartition(":")[2] for arn, target in kms._aliases.items() if target == key["KeyId"]]
    return found | ({"kms:ResourceAliases": aliases} if aliases else {})


def _request_context(service: str, iam_action: str, body: bytes, params: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = _context_of_ministack(service, iam_action, body, params)
    if service == "kms":
        action = iam_action.removeprefix("kms:")
        operation = "ReEncrypt" if action == "ReEncryptFrom" else action
        request = parsed(body)
        found.update(kms_context(operation, request, next(iter(key_uses(operation, request)), None)))
    return found


def _encryption_context(operation: str, request: Mapping[str, Any], use: KeyUse | None) -> dict[str, Any]:
    """The key of a pair is not case-sensitive as part of a condition key's name."""
    if operation == "CreateGrant":
        constraints = request.get("Constraints") or {}
        pairs = constraints.get("EncryptionContextEquals") or constraints.get("EncryptionContextSubset") or {}
    else:
        pairs = use.encryption_context if use is not None else {}
    found: dict[str, Any] = {"kms:EncryptionContextKeys": list(pairs)} if pairs else {}
    for name in {key.lower() for key in pairs}:
        values = [str(value) for key, value in pairs.items() if key.lower() == name]
        # Two keys that differ in case only: the evaluator equals a list to no single value, which refuses.
        found[f"kms:encryptioncontext:{name}"] = values[0] if len(values) == 1 else values
    return found


def _flag(value: object) -> str:
    return str(bool(value)).lower()
