"""RotateSecret and CancelRotateSecret: who may have a secret rotated, and by which function.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html: the caller needs
`lambda:InvokeFunction` on the function, and the function's own policy has to admit Secrets Manager. A new version gets
`AWSPENDING` before it has a value, and the rotation goes on after the answer. Nothing is rotated by the clock here: no
emulator lives for the four hours of the shortest schedule.
"""

import time
import uuid
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import lambda_svc, secretsmanager

from local_aws.server.caller import caller, is_acting_as_role
from local_aws.server.decision import Question, refusal
from local_aws.server.secrets.errors import SecretsError
from local_aws.server.secrets.labels import attach
from local_aws.server.secrets.records import PENDING, Record, changeable_record, existing_record, pending_rotation
from local_aws.server.secrets.registry import Operation, Request, add, replace, wrap
from local_aws.server.secrets.rotation_run import RUNNING, start, start_test
from local_aws.server.secrets.rotation_times import next_rotation
from local_aws.server.service_principal import acting_for, is_admitted

_NO_FUNCTION = "No Lambda rotation function ARN is associated with this secret."
_NOT_ADMITTED = (
    "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the "
    "principal secretsmanager.amazonaws.com."
)
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
    _check_function(record, function)
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


def _check_function(record: Record, arn: str) -> None:
    if is_acting_as_role() or iam_evaluator._verified_key.get():
        refused = refusal(Question(action="lambda:InvokeFunction", resource=arn), caller())
        if refused is not None:
            raise SecretsError("AccessDeniedException", refused)
    found = lambda_svc.function_policy_for_arn(arn)
    admitted = found is not None and is_admitted(
        found[0],
        service="secretsmanager.amazonaws.com",
        action="lambda:InvokeFunction",
        resource=arn,
        keys=acting_for(record["ARN"]),
    )
    if not admitted:
        raise SecretsError("AccessDeniedException", _NOT_ADMITTED)


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
