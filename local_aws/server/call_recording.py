"""Every signed call is recorded as CloudTrail records it: who, what, on which resource, refused or not.

ministack records no refused call, calls every caller an IAM user named after its access key, and answers at
most 50 events without a way to ask for more. Requests are recorded without what they protect: of their
parameters only those in `_SAFE_PARAMETERS`.
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

import json
import re
import time
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudtrail

from local_aws.server.kms.key_uses import key_uses, parsed
from local_aws.server.principal_arn import role_arn_of

_Response: TypeAlias = tuple[int, dict[str, str], bytes]

_KEPT = 20_000
_PAGE = 50
_SAFE_PARAMETERS = (
    "KeyId", "EncryptionContext", "EncryptionAlgorithm", "KeySpec", "NumberOfBytes", "SecretId", "RoleArn",
    "SourceKeyId", "DestinationKeyId", "SourceEncryptionContext", "DestinationEncryptionContext", "SigningAlgorithm",
    "MessageType", "MacAlgorithm", "KeyAgreementAlgorithm", "KeyUsage", "Origin", "MultiRegion", "ReplicaRegion",
    "PendingWindowInDays", "RotationPeriodInDays", "GranteePrincipal", "Operations", "AliasName", "TargetKeyId",
)  # fmt: skip
_READ_ONLY = re.compile(
    r"(Get|List|Describe|Head|Lookup|Decrypt|Encrypt|ReEncrypt|Generate|Verify|Sign|DeriveSharedSecret)"
)
_XML_CODE = re.compile(rb"<Code>([^<]+)</Code>")
_XML_MESSAGE = re.compile(rb"<Message>([^<]*)</Message>")

_events: deque[dict[str, Any]] = deque(maxlen=_KEPT)
_dispatch_of_ministack = app._dispatch_service_request


def extend() -> None:
    """Record in ministack's place and answer LookupEvents from these records."""
    app._maybe_record_cloudtrail = _record_nothing
    app._dispatch_service_request = _dispatch
    cloudtrail._DISPATCH["LookupEvents"] = _lookup_events


@dataclass(frozen=True, kw_only=True)
class _Request:
    service: str
    action: str
    body: bytes
    access_key_id: str
    request_id: str
    user_agent: str


def _record_nothing(*_arguments: object) -> None:
    """Stand where ministack's recorder stood."""


async def _dispatch(*arguments: Any) -> _Response:  # noqa: ANN401  # ministack's, unpacked below
    response: _Response = await _dispatch_of_ministack(*arguments)
    method, path, headers, body, query_params, request_id = arguments
    access_key_id = app.extract_access_key_id(headers, query_params)
    # What nobody signed belongs to nobody, and CloudTrail does not record it.
    if access_key_id and iam_evaluator._verified_key.get() == access_key_id:
        params = app._routing_params(method, path, headers, body, query_params)
        service = app.detect_service(method, path, headers, params)
        action = iam_actions.extract_iam_action(service, method, path, headers, body, params)
        if action and service != "cloudtrail":
            resource = iam_actions.extract_resource_arn(
                service, method, path, headers, body, params, get_region(), get_account_id()
            )
            request = _Request(
                service=service,
                # One operation of KMS needs two permissions, neither of which has its name.
                action=headers.get("x-amz-target", action).rpartition(".")[2].rpartition(":")[2],
                body=body,
                access_key_id=access_key_id,
                request_id=request_id,
                user_agent=headers.get("user-agent", ""),
            )
            _events.append(_event(request, resource, response))
    return response


def _event(request: _Request, resource: str, response: _Response) -> dict[str, Any]:
    record = {
        "eventVersion": "1.11",
        "userIdentity": _identity(request.access_key_id),
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "eventSource": f"{request.service}.amazonaws.com",
        "eventName": request.action,
        "awsRegion": get_region(),
        "sourceIPAddress": "127.0.0.1",
        "userAgent": request.user_agent,
        "requestParameters": _parameters(request),
        "responseElements": None,
        "requestID": request.request_id,
        "eventID": str(uuid.uuid4()),
        "readOnly": bool(_READ_ONLY.match(request.action)),
        "resources": _resources(request, resource),
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": get_account_id(),
        **_error(response),
    }
    return {
        "EventId": record["eventID"],
        "EventName": record["eventName"],
        "EventSource": record["eventSource"],
        "EventTime": time.time(),
        "Username": record["userIdentity"]["arn"].rsplit("/", 1)[-1],
        "AccessKeyId": request.access_key_id,
        "ReadOnly": str(record["readOnly"]).lower(),
        "Resources": [
            {"ResourceName": entry["ARN"], "ResourceType": entry.get("type", "")} for entry in record["resources"]
        ],
        "CloudTrailEvent": json.dumps(record),
    }


def _identity(access_key_id: str) -> dict[str, Any]:
    credential = iam_evaluator.resolve_credential(access_key_id)
    if isinstance(credential, iam_evaluator.CredentialResolutionError):
        return {"type": "Unknown", "arn": "", "accessKeyId": access_key_id}
    identity: dict[str, Any] = {
        "type": "IAMUser" if credential.principal_type == "User" else credential.principal_type,
        "principalId": credential.principal_id,
        "arn": credential.principal_arn,
        "accountId": credential.account_id,
        "accessKeyId": access_key_id,
    }
    role = role_arn_of(credential.principal_arn)
    if role != credential.principal_arn:
        issuer = {"type": "Role", "arn": role, "accountId": credential.account_id}
        identity["sessionContext"] = {"sessionIssuer": issuer}
    return identity


def _parameters(request: _Request) -> dict[str, Any] | None:
    try:
        found = json.loads(request.body)
    except ValueError:
        return None
    if request.service not in {"kms", "secretsmanager"} or not isinstance(found, dict):
        return None
    return {name[0].lower() + name[1:]: found[name] for name in _SAFE_PARAMETERS if name in found}


def _resources(request: _Request, resource: str) -> list[dict[str, str]]:
    if request.service == "kms":
        keys = [use.key for use in key_uses(request.action, parsed(request.body))]
        arns = dict.fromkeys(key["Arn"] for key in keys if key is not None) or ({resource: None} if resource else {})
        return [{"ARN": arn, "type": "AWS::KMS::Key"} for arn in arns if arn != "*"]
    return [{"ARN": resource}] if resource not in {"", "*"} else []


def _error(response: _Response) -> dict[str, str]:
    status, headers, body = response
    if status < 400:  # noqa: PLR2004  # HTTP's own boundary
        return {}
    content = body if isinstance(body, bytes) else b""
    try:
        found = json.loads(content)
        code = str(found.get("__type") or headers.get("x-amzn-errortype") or found.get("Code") or status)
        message = str(found.get("message") or found.get("Message") or "")
    except ValueError:
        codes, messages = _XML_CODE.search(content), _XML_MESSAGE.search(content)
        code = codes.group(1).decode() if codes else str(status)
        message = messages.group(1).decode() if messages else ""
    return {"errorCode": code.rpartition("#")[2].partition(":")[0], "errorMessage": message}


def _lookup_events(request: Mapping[str, Any]) -> _Response:
    wanted = {entry["AttributeKey"]: entry["AttributeValue"] for entry in request.get("LookupAttributes", [])}
    start, end = request.get("StartTime"), request.get("EndTime")
    found = [
        event
        for event in reversed(_events)
        if (start is None or event["EventTime"] >= start)
        and (end is None or event["EventTime"] <= end)
        and all(_has(event, name, value) for name, value in wanted.items())
    ]
    first = int(request.get("NextToken") or 0)
    after = first + min(int(request.get("MaxResults") or _PAGE), _PAGE)
    answer: dict[str, Any] = {"Events": found[first:after]}
    if after < len(found):
        answer["NextToken"] = str(after)
    return 200, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(answer).encode()


def _has(event: Mapping[str, Any], name: str, value: str) -> bool:
    if name in {"ResourceName", "ResourceType"}:
        return any(resource[name] == value for resource in event["Resources"])
    return bool(event.get(name) == value)
