"""Rotation of symmetric keys: automatic, of which only the settings exist here, and on demand.

https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html. A rotation is complete when the call
returns, so there is never one in progress.
"""

import os
import time
from collections.abc import Iterable

from ministack.services import kms

from local_aws.server.kms import registry
from local_aws.server.kms.errors import KmsError
from local_aws.server.kms.key_material import PENDING, KeyMaterial, identifier_of, materials, promote
from local_aws.server.kms.key_uses import Record
from local_aws.server.kms.registry import Operation, Request

_SHORTEST, _LONGEST, _USUAL = 90, 2560, 365
_MOST_ON_DEMAND = 25
_ON_DEMAND = "ON_DEMAND"
_DAY = 86_400


def extend() -> None:
    """Mend what ministack has of it and add the rest."""
    registry.wrap("EnableKeyRotation", _enable)
    registry.wrap("DisableKeyRotation", _disable)
    registry.wrap("GetKeyRotationStatus", _status)
    registry.add("RotateKeyOnDemand", _rotate_on_demand)
    registry.add("ListKeyRotations", _list_rotations)


def _enable(request: Request, _enable_as_ministack: Operation) -> Request:
    record = _rotatable(request, "EnableKeyRotation")
    _refuse_imported(record)
    _refuse_replica(record, "EnableKeyRotation")
    days = request.get("RotationPeriodInDays", _USUAL)
    if not _SHORTEST <= days <= _LONGEST:
        bound = f"greater than or equal to {_SHORTEST}" if days < _SHORTEST else f"less than or equal to {_LONGEST}"
        raise KmsError(
            "ValidationException",
            f"1 validation error detected: Value '{days}' at 'rotationPeriodInDays' failed to satisfy constraint: "
            f"Member must have value {bound}",
        )
    for member in _members(record):
        member["KeyRotationEnabled"], member["RotationPeriodInDays"] = True, days
        member["_rotation_since"] = time.time()
    return {}


def _disable(request: Request, _disable_as_ministack: Operation) -> Request:
    record = _rotatable(request, "DisableKeyRotation")
    _refuse_imported(record)
    _refuse_replica(record, "DisableKeyRotation")
    for member in _members(record):
        member["KeyRotationEnabled"] = False
    return {}


def _status(request: Request, _status_of_ministack: Operation) -> Request:
    record = _found(request)
    enabled = bool(record.get("KeyRotationEnabled")) and not record["KeyState"].endswith("Deletion")
    answer: Request = {"KeyId": record["Arn"], "KeyRotationEnabled": enabled}
    if enabled:
        days = record["RotationPeriodInDays"]
        answer |= {"RotationPeriodInDays": days, "NextRotationDate": record["_rotation_since"] + days * _DAY}
    return answer


def _rotate_on_demand(request: Request) -> Request:
    record = _rotatable(request, "RotateKeyOnDemand")
    _refuse_replica(record, "RotateKeyOnDemand")
    done = [each for each in materials(record) if each.rotated and each.rotated[1] == _ON_DEMAND]
    if len(done) >= _MOST_ON_DEMAND:
        raise KmsError(
            "LimitExceededException",
            f"You have exceeded the maximum number of on-demand rotations ({_MOST_ON_DEMAND}) for {record['Arn']}.",
        )
    if record["Origin"] == "EXTERNAL":
        _rotate_imported(record)
        return {"KeyId": record["Arn"]}
    secret = os.urandom(32)
    material = KeyMaterial(identifier=identifier_of(record, secret), secret=secret, state="NON_CURRENT")
    promote(record, material, how=_ON_DEMAND)
    for member in _members(record):  # which share the list of materials
        member["_symmetric_key"] = secret
    return {"KeyId": record["Arn"]}


def _rotate_imported(record: Record) -> None:
    ready = next((each for each in materials(record) if each.state == "PENDING_ROTATION"), None)
    if ready is None:
        raise KmsError(
            "KMSInvalidStateException", f"{record['Arn']} has no key material in the state PENDING_ROTATION."
        )
    for member in _members(record):
        same = next(each for each in materials(member) if each.identifier == ready.identifier)
        promote(member, same, how=_ON_DEMAND)


def _list_rotations(request: Request) -> Request:
    record = _rotatable(request, "ListKeyRotations")
    whole = request.get("IncludeKeyMaterial") == "ALL_KEY_MATERIAL"
    found = [_entry(record, each) for each in materials(record) if whole or each.rotated]
    first = int(request.get("Marker") or 0)
    after = first + int(request.get("Limit") or 100)
    answer: Request = {"Rotations": found[first:after], "Truncated": after < len(found)}
    return answer | ({"NextMarker": str(after)} if after < len(found) else {})


def _entry(record: Record, material: KeyMaterial) -> Request:
    entry: Request = {
        "KeyId": record["Arn"],
        "KeyMaterialId": material.identifier,
        "KeyMaterialState": material.state,
    }
    if material.rotated and material.state not in PENDING:
        entry["RotationDate"], entry["RotationType"] = material.rotated
    if record["Origin"] == "EXTERNAL":
        entry["ImportState"] = "PENDING_IMPORT" if material.secret is None else "IMPORTED"
        entry["ExpirationModel"] = "KEY_MATERIAL_EXPIRES" if material.valid_to else "KEY_MATERIAL_DOES_NOT_EXPIRE"
        entry |= {"ValidTo": material.valid_to} if material.valid_to else {}
        entry |= {"KeyMaterialDescription": material.description} if material.description else {}
    return entry


def _found(request: Request) -> Record:
    record: Record | None = kms._resolve_key(request.get("KeyId"))
    if record is None:
        raise KmsError("NotFoundException", f"Key {request.get('KeyId')} not found")
    return record


def _rotatable(request: Request, operation: str) -> Record:
    record = _found(request)
    if record["KeySpec"] != "SYMMETRIC_DEFAULT":
        raise KmsError(
            "UnsupportedOperationException",
            f"{record['Arn']} key spec is {record['KeySpec']} which is not valid for {operation}.",
        )
    return record


def _refuse_imported(record: Record) -> None:
    if record["Origin"] == "EXTERNAL":
        raise KmsError(
            "UnsupportedOperationException",
            f"{record['Arn']} origin is EXTERNAL which is not valid for this operation.",
        )


def _refuse_replica(record: Record, operation: str) -> None:
    if record.get("_mrk_type") == "REPLICA":
        raise KmsError(
            "UnsupportedOperationException",
            f"{record['Arn']} is a multi-Region replica key, which is not valid for {operation}.",
        )


def _members(record: Record) -> Iterable[Record]:
    return [member for _, member in kms._mrk_members(record)] if record.get("MultiRegion") else [record]
