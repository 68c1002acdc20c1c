"""The versions of a secret: read by those who may decrypt, written once, never changed.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
"""

import time
import uuid
from collections.abc import Sequence

from ministack.services import secretsmanager

from local_aws.server.secrets.encryption import change_key, check_reading, check_writing
from local_aws.server.secrets.errors import SecretsError
from local_aws.server.secrets.labels import attach
from local_aws.server.secrets.records import (
    CURRENT,
    PENDING,
    Record,
    changeable_record,
    has_value,
    labelled,
    pending_rotation,
    usable_record,
)
from local_aws.server.secrets.registry import Operation, Request, replace, wrap
from local_aws.server.secrets.rotation_run import RUNNING
from local_aws.server.secrets.rotation_tokens import check_rotation_token
from local_aws.server.secrets.service_events import tell

_VALUES = ("SecretString", "SecretBinary")
_ONLY_MOVES = (
    "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed."
)


def extend() -> None:
    """Replace the operations."""
    replace("PutSecretValue", _put)
    replace("UpdateSecret", _update)
    wrap("GetSecretValue", _get)
    wrap("UpdateSecretVersionStage", _move)


def _get(request: Request, former: Operation) -> Request:
    record = usable_record(request.get("SecretId"))
    version_id, label = request.get("VersionId"), request.get("VersionStage")
    found = version_id or labelled(record, label or CURRENT)
    version = record["Versions"].get(found)
    if found is None or version is None or not has_value(version):
        place = f"VersionId: {version_id}" if version_id else f"staging label: {label or CURRENT}"
        raise SecretsError(
            "ResourceNotFoundException", f"Secrets Manager can't find the specified secret value for {place}"
        )
    if label and label not in version["Stages"]:
        text = "You provided a VersionStage that is not associated to the provided VersionId."
        raise SecretsError("InvalidRequestException", text)
    check_reading(record, found)
    return former(request)


def _put(request: Request) -> Request:
    record = changeable_record(request.get("SecretId"))
    labels = request.get("VersionStages") or [CURRENT]
    check_rotation_token(record, request.get("ClientRequestToken", ""), request.get("RotationToken"))
    version_id = _written(record, request, labels)
    return {
        "ARN": record["ARN"],
        "Name": record["Name"],
        "VersionId": version_id,
        "VersionStages": list(record["Versions"][version_id]["Stages"]),
    }


def _update(request: Request) -> Request:
    record = changeable_record(request.get("SecretId"))
    if "KmsKeyId" in request and request["KmsKeyId"] != record.get("KmsKeyId"):
        change_key(record, request["KmsKeyId"])
    answer = {"ARN": record["ARN"], "Name": record["Name"]}
    if any(name in request for name in _VALUES):
        answer["VersionId"] = _written(record, request, [CURRENT])
    if "Description" in request:
        record["Description"] = request["Description"]
    _changed(record)
    return answer


def _move(request: Request, former: Operation) -> Request:
    changeable_record(request.get("SecretId"))
    if request.get("VersionStage") == CURRENT and not request.get("MoveToVersionId"):
        raise SecretsError("InvalidParameterException", _ONLY_MOVES)
    return former(request)


def _written(record: Record, request: Request, labels: Sequence[str]) -> str:
    """Give a version its value, once; the same again changes nothing.

    Raises:
        SecretsError: If the version has another value, or the caller may not have one encrypted.
    """
    version_id: str = request.get("ClientRequestToken") or str(uuid.uuid4())
    values = {name: request.get(name) for name in _VALUES}
    version = record["Versions"].get(version_id)
    if version is not None and has_value(version):
        check_reading(record, version_id)
        if any(version.get(name) != value for name, value in values.items()):
            text = (
                f"You can't use ClientRequestToken {version_id} because that value is already in use for a version of "
                f"secret {record['ARN']}."
            )
            raise SecretsError("ResourceExistsException", text)
        return version_id
    check_writing(record, version_id)
    pending = pending_rotation(record)
    record["Versions"][version_id] = {"Stages": [], "CreatedDate": int(time.time()), **(version or {}), **values}
    for label in labels:
        attach(record, label, version_id)
    if CURRENT in labels and pending not in {None, version_id}:
        # Whoever puts a new current value in the middle of a rotation ends it.
        record["Versions"][pending]["Stages"].remove(PENDING)
        RUNNING.pop(record["ARN"], None)
        tell(record, "RotationAbandoned", version_id=str(pending))
    _changed(record)
    return version_id


def _changed(record: Record) -> None:
    record["LastChangedDate"] = int(time.time())
    secretsmanager._sync_replicas(record)
