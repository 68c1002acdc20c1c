"""Every signed call is recorded as CloudTrail records it: who, what, on which resource, refused or not.

ministack records no refused call, calls every caller an IAM user named after its access key, and answers at
most 50 events without a way to ask for more. Other than in AWS, LookupEvents answers data events too.
"""

import json
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudtrail

from local_aws.server.call_records.record import call_record
from local_aws.server.call_records.request import Answer, Request

_Response: TypeAlias = tuple[int, dict[str, str], bytes]

Listener: TypeAlias = Callable[[dict[str, Any]], None]

_KEPT = 20_000
_PAGE = 50

_events: deque[dict[str, Any]] = deque(maxlen=_KEPT)
_listeners: list[Listener] = []
_dispatch_of_ministack = app._dispatch_service_request


def extend() -> None:
    """Record in ministack's place and answer LookupEvents from these records."""
    app._maybe_record_cloudtrail = _record_nothing
    app._dispatch_service_request = _dispatch
    cloudtrail._DISPATCH["LookupEvents"] = _lookup_events


def listen(listener: Listener) -> None:
    """Hand every record to somebody, in the scope of the request that it is about."""
    _listeners.append(listener)


def keep(record: dict[str, Any]) -> None:
    """Keep a record of a call, and hand it to whoever listens."""
    _events.append(_looked_up(record))
    for listener in _listeners:
        listener(record)


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
        # One operation of KMS needs two permissions, neither of which has its name.
        name = headers.get("x-amz-target", action or "").rpartition(".")[2].rpartition(":")[2]
        # A lookup that found itself would move the pages of what it finds.
        if action and name != "LookupEvents":
            request = Request(
                service=service,
                action=name,
                path=path,
                host=headers.get("host", ""),
                body=body,
                resource=iam_actions.extract_resource_arn(
                    service, method, path, headers, body, params, get_region(), get_account_id()
                ),
                access_key_id=access_key_id,
                request_id=request_id,
                user_agent=headers.get("user-agent", ""),
            )
            _record(request, response)
    return response


def _record(request: Request, response: _Response) -> None:
    status, headers, body = response
    answer = Answer(status=status, headers=headers, body=body if isinstance(body, bytes) else b"")
    keep(call_record(request, answer))


def _looked_up(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "EventId": record["eventID"],
        "EventName": record["eventName"],
        "EventSource": record["eventSource"],
        "EventTime": time.time(),
        "Username": record["userIdentity"].get("arn", "").rsplit("/", 1)[-1],
        "AccessKeyId": record["userIdentity"].get("accessKeyId", ""),
        "ReadOnly": str(record["readOnly"]).lower(),
        "Resources": [
            {"ResourceName": entry["ARN"], "ResourceType": entry.get("type", "")}
            for entry in record.get("resources", ())
        ],
        "CloudTrailEvent": json.dumps(record),
    }


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
