"""Multi-Region keys: replicas that have a policy of their own, wait for deletion, and hold their primary up.

https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html: ministack forgets a
replica as soon as its deletion is scheduled and hands imported material on.
"""

import time

from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import kms

from local_aws.server.kms import registry
from local_aws.server.kms.errors import KmsError
from local_aws.server.kms.key_material import KeyMaterial, is_whole, materials
from local_aws.server.kms.key_uses import Record
from local_aws.server.kms.registry import Operation, Request

_SHORTEST, _LONGEST = 7, 30
_DAY = 86_400


def extend() -> None:
    """Let members of a multi-Region key depend on one another."""
    # A replica shares the very list of its primary's materials.
    kms._KEY_MATERIAL_FIELDS = (*kms._KEY_MATERIAL_FIELDS, "_materials", "_material_digest")
    registry.wrap("ReplicateKey", _replicate)
    registry.wrap("ScheduleKeyDeletion", _schedule_deletion)
    registry.wrap("CancelKeyDeletion", _cancel_deletion)
    registry.add("UpdatePrimaryRegion", _update_primary_region)


def _replicate(request: Request, replicate: Operation) -> Request:
    primary = kms._resolve_key(request.get("KeyId"))
    region = request.get("ReplicaRegion")
    if primary is not None and region in primary.get("_mrk_regions", ()):
        raise KmsError("AlreadyExistsException", f"Replica key {_arn_in(primary, region)} already exists.")
    if primary is not None:
        materials(primary)
    answer = replicate(request)
    with request_scope(get_account_id(), str(region)):
        replica = kms._keys[primary["KeyId"]]
        replica["KeyRotationEnabled"] = primary.get("KeyRotationEnabled", False)
        for name in ("RotationPeriodInDays", "_rotation_since"):
            if name in primary:
                replica[name] = primary[name]
        if primary["Origin"] == "EXTERNAL":
            _take_material_away(replica)
        answer["ReplicaKeyMetadata"] = kms._key_metadata(replica)
    return answer


def _take_material_away(replica: Record) -> None:
    """Let a replica wait for each of the materials that its primary has."""
    replica["_materials"] = [
        KeyMaterial(identifier=each.identifier, secret=None, state=each.state, rotated=each.rotated)
        for each in replica.get("_materials", ())
    ]
    for name in ("_symmetric_key", "_hmac_key", "_private_key", "_public_key_der"):
        replica.pop(name, None)
    replica["KeyState"], replica["Enabled"] = "PendingImport", False


def _schedule_deletion(request: Request, _schedule_as_ministack: Operation) -> Request:
    record = _found(request)
    days = request.get("PendingWindowInDays", _LONGEST)
    if not _SHORTEST <= days <= _LONGEST:
        raise KmsError(
            "ValidationException", f"PendingWindowInDays must be between {_SHORTEST} and {_LONGEST} (inclusive)"
        )
    others = [region for region in record.get("_mrk_regions", ()) if region != get_region()]
    record["Enabled"], record["_pending_window_days"] = False, days
    answer: Request = {"KeyId": record["Arn"], "PendingWindowInDays": days}
    if record.get("_mrk_type") == "PRIMARY" and others:
        record["KeyState"] = "PendingReplicaDeletion"
    else:
        record["KeyState"], record["DeletionDate"] = "PendingDeletion", int(time.time() + days * _DAY)
        answer["DeletionDate"] = record["DeletionDate"]
    return {**answer, "KeyState": record["KeyState"]}


def _cancel_deletion(request: Request, _cancel_as_ministack: Operation) -> Request:
    record = _found(request)
    record["KeyState"] = "Disabled" if is_whole(record) else "PendingImport"
    for name in ("DeletionDate", "_pending_window_days"):
        record.pop(name, None)
    return {"KeyId": record["Arn"]}


def _update_primary_region(request: Request) -> Request:
    record, region = _found(request), request.get("PrimaryRegion")
    if record.get("_mrk_type") != "PRIMARY" or region not in record["_mrk_regions"] or region == get_region():
        raise KmsError(
            "UnsupportedOperationException", f"{record['Arn']} is not a primary key with a replica in {region}."
        )
    for where, member in kms._mrk_members(record):
        member["_mrk_primary_region"] = region
        member["_mrk_type"] = "PRIMARY" if where == region else "REPLICA"
    return {}


def _found(request: Request) -> Record:
    record: Record | None = kms._resolve_key(request.get("KeyId"))
    if record is None:
        raise KmsError("NotFoundException", f"Key {request.get('KeyId')} not found")
    return record


def _arn_in(record: Record, region: object) -> str:
    return f"arn:aws:kms:{region}:{get_account_id()}:key/{record['KeyId']}"
