"""RotateSecret and CancelRotateSecret: a rotation begins, is taken up again, or is given up.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html: a new version gets `AWSPENDING`
before it has a value, and the rotation goes on after the answer. Nothing is rotated by the clock here: no emulator
lives for the four hours of the shortest schedule.
"""

import time
import uuid
from typing import Any

from ministack.services import secretsmanager

from local_aws.server.secrets.errors import SecretsError
from local_aws.server.secrets.labels import attach
from local_aws.server.secrets.records import PENDING, changeable_record, existing_record, pending_rotation
from local_aws.server.secrets.registry import Operation, Request, add, replace, wrap
from local_aws.server.secrets.rotating_function import check_function
from local_aws.server.secrets.rotation_run import RUNNING, start, start_test
from local_aws.server.secrets.rotation_times import next_rotation

_NO_FUNCTION = "No Lambda rotation function ARN is associated with this secret."
_INCOMPLETE = "A previous rotation isn't complete. That rotation will be reattempted."


def extend() -> None:
    """Replace and add the operations."""
    replace("RotateSecret", _rotate)
    add("CancelRotateSecret", _cancel)
    wrap("DescribeSecret", _describe)


def _rotate(request: Request) -> Request:
    record = changeable_record(request.get("SecretId"))
    function = request.get("RotationLambdaARN") or record.get("RotationLambdaARN")
    if not function:
        raise SecretsError("InvalidRequestException", _NO_FUNCTION)
    check_function(record, function)
    pending = pending_rotation(record)
    if pending is not None:
        start(record, pending)
        raise SecretsError("InvalidRequestException", _INCOMPLETE)
    record["RotationLambdaARN"] = function
    record["RotationRules"] = request.get("RotationRules") or record.get("RotationRules")
    record["RotationEnabled"] = True
    record["LastChangedDate"] = int(time.time())
    version_id: str = request.get("ClientRequestToken") or str(uuid.uuid4())
    record["Versions"].setdefault(
        version_id, {"SecretString": None, "SecretBinary": None, "CreatedDate": int(time.time()), "Stages": []}
    )
    attach(record, PENDING, version_id)
    if request.get("RotateImmediately", True):
        start(record, version_id)
    else:
        start_test(record, version_id)
    return {"ARN": record["ARN"], "Name": record["Name"], "VersionId": version_id}


def _cancel(request: Request) -> Request:
    record = changeable_record(request.get("SecretId"))
    record["RotationEnabled"] = False
    record["LastChangedDate"] = int(time.time())
    version_id = RUNNING.pop(record["ARN"], None) or pending_rotation(record)
    answer = {"ARN": record["ARN"], "Name": record["Name"]}
    return answer | ({"VersionId": version_id} if version_id else {})


def _describe(request: Request, former: Operation) -> Request:
    answer = former(request)
    record: dict[str, Any] = existing_record(request.get("SecretId"))
    if not secretsmanager._is_replica(record):
        answer |= {"LastRotatedDate": record["_LastRotated"]} if "_LastRotated" in record else {}
        following = next_rotation(record)
        answer |= {"NextRotationDate": following} if following is not None else {}
    return answer
