"""The record of a call of KMS that a service makes on behalf of whoever called the service.

https://docs.aws.amazon.com/kms/latest/developerguide/services-secrets-manager.html shows such records. A service that
reuses a data key calls KMS once in five minutes for each caller, as SQS and SNS do unless told otherwise.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html
"""

import json
import time
import uuid
from collections.abc import Mapping
from typing import Any

from ministack.core import iam_evaluator

from local_aws.server.call_records.record import call_record
from local_aws.server.call_records.request import Answer, Request

_REUSED_SECONDS = 300
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
_CALLS_EACH_TIME = frozenset(("secretsmanager", "ssm"))
# S3 does not say its name in the records of its calls.
_SPOKEN = {"s3": "AWS Internal"}

_called: dict[tuple[str, ...], float] = {}


def service_call_record(
    *, service: str, operation: str, key_arn: str, encryption_context: Mapping[str, str], refused: str | None
) -> dict[str, Any] | None:
    """Record a call, unless the service still has the data key of an earlier one.

    Args:
        service: The service, such as `sqs`.
        operation: The operation of KMS.
        key_arn: The key.
        encryption_context: What the service tells KMS.
        refused: AWS's text for the refusal, if it was refused.
    """
    access_key_id = iam_evaluator._verified_key.get()
    call = (access_key_id, service, operation, key_arn, json.dumps(dict(encryption_context)))
    if refused is None and _reuses(service, encryption_context) and _is_known(call):
        return None
    body = {"KeyId": key_arn, "EncryptionContext": dict(encryption_context)}
    body |= {"KeySpec": "AES_256"} if operation == "GenerateDataKey" else {"EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}
    spoken = _SPOKEN.get(service, f"{service}.amazonaws.com")
    request = Request(
        service="kms",
        action=operation,
        path="/",
        host="",
        body=json.dumps(body).encode(),
        resource=key_arn,
        access_key_id=access_key_id,
        request_id=str(uuid.uuid4()),
        user_agent=spoken,
    )
    error = json.dumps({"__type": "AccessDeniedException", "message": refused}).encode()
    answer = Answer(status=400 if refused else 200, headers={}, body=error if refused else b"{}")
    record = call_record(request, answer)
    record["userIdentity"]["invokedBy"] = record["sourceIPAddress"] = spoken
    del record["tlsDetails"]
    return record


def _reuses(service: str, encryption_context: Mapping[str, str]) -> bool:
    """Say whether a service keeps a data key for a while; S3 does with an S3 Bucket Key, which is the bucket's."""
    return service not in _CALLS_EACH_TIME and (service != "s3" or "/" not in encryption_context["aws:s3:arn"])


def _is_known(call: tuple[str, ...]) -> bool:
    now = time.monotonic()
    if now - _called.get(call, -_REUSED_SECONDS) < _REUSED_SECONDS:
        return True
    _called[call] = now
    return False
