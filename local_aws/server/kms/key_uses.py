"""Which keys a call is about, and by which IAM action each of them has to be opened to the caller.

Most calls name one key by `KeyId`. The others are here.
https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ministack.core.responses import get_account_id, request_scope
from ministack.services import kms

Record: TypeAlias = dict[str, Any]

KEY_ID_LENGTH = 36

GRANT = "local-aws:grant"
"""A key of a request's context beside AWS's own: the id of the grant that the call is about."""


@dataclass(frozen=True, kw_only=True)
class KeyUse:
    """One action on one key: `key` is nothing if there is no such key.

    `encryption_context` and `algorithm` are what the call says about this key.
    """

    action: str
    key: Record | None
    encryption_context: Mapping[str, str] = field(default_factory=dict)
    algorithm: str | None = None


def key_uses(operation: str, request: Mapping[str, Any]) -> list[KeyUse]:
    """Say which keys a call is about; empty if it is about none.

    Args:
        operation: The name of the operation.
        request: Its parameters.
    """
    if operation == "ReEncrypt":
        return [*_re_encryption(request)]
    if operation in {"CreateAlias", "UpdateAlias", "DeleteAlias"}:
        return [*_alias(operation, request)]
    if operation == "UpdatePrimaryRegion":
        return [*_new_primary(request)]
    if operation == "RetireGrant":
        grant = retired_grant(request)
        return [KeyUse(action=operation, key=_found(grant and grant["KeyId"]))]
    named = request.get("KeyId")
    if named is None and operation != "Decrypt":
        return []
    key = _found(named) if named is not None else key_of_ciphertext(request.get("CiphertextBlob"))
    context = _strings(request.get("EncryptionContext"))
    return [KeyUse(action=operation, key=key, encryption_context=context, algorithm=request.get("EncryptionAlgorithm"))]


def retired_grant(request: Mapping[str, Any]) -> Record | None:
    """Find the grant of a request to retire one, by its token or its id."""
    token, identifier = request.get("GrantToken"), request.get("GrantId")
    grants: list[Record] = list(kms._grants.values())
    return next((each for each in grants if token in each["_tokens"] or each["GrantId"] == identifier), None)


def parsed(body: bytes) -> Record:
    """Read a request's parameters; none from what is no JSON object."""
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def key_of_ciphertext(blob: object) -> Record | None:
    """Find the key of a symmetric ciphertext, whose blob begins with the key's id."""
    try:
        start = base64.b64decode(blob if isinstance(blob, str) else "")[:KEY_ID_LENGTH]
    except (binascii.Error, ValueError):
        return None
    return _found(start.decode(errors="ignore"))


def _re_encryption(request: Mapping[str, Any]) -> Iterator[KeyUse]:
    source, destination = request.get("SourceKeyId"), request.get("DestinationKeyId")
    yield KeyUse(
        action="ReEncryptFrom",
        key=_found(source) if source is not None else key_of_ciphertext(request.get("CiphertextBlob")),
        encryption_context=_strings(request.get("SourceEncryptionContext")),
        algorithm=request.get("SourceEncryptionAlgorithm"),
    )
    yield KeyUse(
        action="ReEncryptTo",
        key=_found(destination),
        encryption_context=_strings(request.get("DestinationEncryptionContext")),
        algorithm=request.get("DestinationEncryptionAlgorithm"),
    )


def _alias(operation: str, request: Mapping[str, Any]) -> Iterator[KeyUse]:
    if operation != "DeleteAlias":
        yield KeyUse(action=operation, key=_found(request.get("TargetKeyId")))
    if operation != "CreateAlias":
        yield KeyUse(action=operation, key=_found(request.get("AliasName")))


def _new_primary(request: Mapping[str, Any]) -> Iterator[KeyUse]:
    yield KeyUse(action="UpdatePrimaryRegion", key=_found(request.get("KeyId")))
    with request_scope(get_account_id(), str(request.get("PrimaryRegion"))):
        replica = _found(str(request.get("KeyId")).rpartition("/")[2])
    yield KeyUse(action="UpdatePrimaryRegion", key=replica)


def _found(reference: object) -> Record | None:
    key: Record | None = kms._resolve_key(reference if isinstance(reference, str) else None)
    return key


def _strings(pairs: object) -> dict[str, str]:
    return {str(key): str(value) for key, value in pairs.items()} if isinstance(pairs, dict) else {}
