"""Importing key material: the same again at any time, and new one into symmetric keys for their next rotation.

ministack takes any material at any time and forgets what a key once had.
https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html
"""

import hashlib
import time

from ministack.core.responses import get_region
from ministack.services import kms

from local_aws.server.kms import registry
from local_aws.server.kms.errors import KmsError
from local_aws.server.kms.key_material import (
    PENDING,
    KeyMaterial,
    current,
    forget,
    forget_only,
    identifier_of,
    is_whole,
    materials,
    tell_ministack,
)
from local_aws.server.kms.key_uses import Record
from local_aws.server.kms.registry import Operation, Request

_NEW, _EXISTING = "NEW_KEY_MATERIAL", "EXISTING_KEY_MATERIAL"
_LONGEST_SECONDS = 365 * 86_400
_SYMMETRIC = "SYMMETRIC_DEFAULT"
_ARRIVED, _DIGEST = "_arrived_material", "_material_digest"
# What ministack changes when material has arrived.
_CHANGED = ("KeyState", "Enabled", "ExpirationModel", "ValidTo")

_store_as_ministack = kms._store_imported_material


def extend() -> None:
    """Know the materials of a key."""
    registry.wrap("ImportKeyMaterial", _import)
    registry.wrap("DeleteImportedKeyMaterial", _delete)
    kms._store_imported_material = _set_aside


def _set_aside(record: Record, secret: bytes) -> object:
    """Let ministack, which has checked the token and unwrapped the material, check its form, and keep it apart."""
    refused = _store_as_ministack(dict(record), secret)
    if refused is None:
        record[_ARRIVED] = secret
    return refused


def _import(request: Request, import_as_ministack: Operation) -> Request:
    record = kms._resolve_key(request.get("KeyId"))
    _check_expiry(request)
    before = {name: (record or {}).get(name) for name in _CHANGED}
    import_as_ministack(request)
    for name, value in before.items():
        record[name] = value
        if value is None:
            del record[name]
    secret = record.pop(_ARRIVED)
    answer = {"KeyId": record["Arn"]}
    if record["KeySpec"] == _SYMMETRIC:
        answer["KeyMaterialId"] = _keep(record, secret, request)
    else:
        _keep_only(record, secret, request)
    if record["KeyState"] == "PendingImport" and is_whole(record):
        record["KeyState"], record["Enabled"] = "Enabled", True
    return answer


def _check_expiry(request: Request) -> None:
    valid_to, now = request.get("ValidTo"), time.time()
    if request.get("ExpirationModel") == "KEY_MATERIAL_DOES_NOT_EXPIRE" and valid_to is not None:
        raise KmsError("ValidationException", "ValidTo is only valid when ExpirationModel is KEY_MATERIAL_EXPIRES.")
    if valid_to is not None and not now < valid_to <= now + _LONGEST_SECONDS:
        raise KmsError("ValidationException", "ValidTo must be in the future and at most 365 days from now.")


def _keep_only(record: Record, secret: bytes, request: Request) -> None:
    digest = hashlib.sha256(secret).hexdigest()
    if record.setdefault(_DIGEST, digest) != digest:
        raise _incorrect(record)
    _store_as_ministack(record, secret)
    valid_to = request.get("ValidTo")
    record["ExpirationModel"] = "KEY_MATERIAL_EXPIRES" if valid_to else "KEY_MATERIAL_DOES_NOT_EXPIRE"
    record.pop("ValidTo", None)
    if valid_to:
        record["ValidTo"] = valid_to


def _keep(record: Record, secret: bytes, request: Request) -> str:
    identifier = identifier_of(record, secret)
    known = {each.identifier: each for each in materials(record)}
    kind = request.get("ImportType") or (_EXISTING if known else _NEW)
    if (identifier in known) is not (kind == _EXISTING) or request.get("KeyMaterialId", identifier) != identifier:
        raise _incorrect(record)
    if kind == _NEW:
        material = _new(record, identifier)
        for member in _members(record):
            # Every replica waits for the same material from now on; whoever replicates later brings it along.
            mine = (
                material if member is record else KeyMaterial(identifier=identifier, secret=None, state=material.state)
            )
            materials(member).append(mine)
    else:
        material = known[identifier]
    material.secret, material.valid_to = secret, request.get("ValidTo")
    material.description = request.get("KeyMaterialDescription", material.description)
    _tell_all(record, identifier)
    return identifier


def _new(record: Record, identifier: str) -> KeyMaterial:
    if record.get("_mrk_type") == "REPLICA":
        raise KmsError(
            "UnsupportedOperationException",
            f"{record['Arn']} is a multi-Region replica key, which takes no new material.",
        )
    if any(each.state in PENDING for each in materials(record)):
        raise KmsError("KMSInvalidStateException", f"{record['Arn']} already has key material that waits for rotation.")
    is_first = current(record) is None
    return KeyMaterial(identifier=identifier, secret=None, state="CURRENT" if is_first else "PENDING_ROTATION")


def _tell_all(record: Record, identifier: str) -> None:
    """Let a new material be rotated in once every member of a multi-Region key has it."""
    members = _members(record)
    same = [each for member in members for each in materials(member) if each.identifier == identifier]
    for each in same:
        if each.state in PENDING:
            whole = all(other.secret is not None for other in same)
            each.state = "PENDING_ROTATION" if whole else "PENDING_MULTI_REGION_IMPORT_AND_ROTATION"
    tell_ministack(record)


def _members(record: Record) -> list[Record]:
    return [member for _, member in kms._mrk_members(record)] if record.get("MultiRegion") else [record]


def _delete(request: Request, delete_as_ministack: Operation) -> Request:
    record = kms._resolve_key(request.get("KeyId"))
    if record is None or record["Origin"] != "EXTERNAL":
        return delete_as_ministack(request)
    if record["KeySpec"] != _SYMMETRIC:
        forget_only(record)
        return {"KeyId": record["Arn"]}
    wanted = request.get("KeyMaterialId")
    material = current(record) if wanted is None else _known(record, wanted)
    if material is None:
        return {"KeyId": record["Arn"]}
    # A material that was never rotated in goes from the replicas together with the primary's.
    everywhere = material.state in PENDING and record.get("_mrk_type") == "PRIMARY"
    for member in _members(record) if everywhere else [record]:
        forget(member, _known(member, material.identifier))
    return {"KeyId": record["Arn"], "KeyMaterialId": material.identifier}


def _known(record: Record, identifier: str) -> KeyMaterial:
    for each in materials(record):
        if each.identifier == identifier:
            return each
    raise KmsError("NotFoundException", f"Key material {identifier} not found in {record['Arn']} in {get_region()}")


def _incorrect(record: Record) -> KmsError:
    return KmsError("IncorrectKeyMaterialException", f"The key material is not the one that {record['Arn']} expects.")
