"""What CloudTrail recorded, as plain rows."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail import CloudTrailClient
    from mypy_boto3_cloudtrail.type_defs import EventTypeDef


@dataclass(frozen=True, kw_only=True)
class RecordedCall:
    """One call of an AWS operation.

    `principal` is the ARN of the user or of the role (not of its session). `resource` is the ARN or name of
    the resource, empty where the operation has none. `error` is the error code of a refused or failed call,
    empty if it succeeded. `invoked_by` is the service that called on the principal's behalf, empty if none did.
    """

    time: datetime
    principal: str
    service: str
    operation: str
    resource: str
    encryption_context: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    invoked_by: str = ""


def recorded_calls(client: "CloudTrailClient", service: str) -> list[RecordedCall]:
    """Read all recorded calls of one service, such as `kms`, oldest first."""
    pages = client.get_paginator("lookup_events").paginate(
        LookupAttributes=[{"AttributeKey": "EventSource", "AttributeValue": f"{service}.amazonaws.com"}]
    )
    events = [event for page in pages for event in page["Events"]]
    return [_row(event) for event in reversed(events)]


def _row(event: "EventTypeDef") -> RecordedCall:
    record = json.loads(event["CloudTrailEvent"])
    parameters = record.get("requestParameters") or {}
    return RecordedCall(
        time=event["EventTime"],
        principal=_principal(record["userIdentity"]),
        service=record["eventSource"].removesuffix(".amazonaws.com"),
        operation=record["eventName"],
        resource=next(_resources(record), ""),
        encryption_context=parameters.get("encryptionContext") or {},
        error=record.get("errorCode", ""),
        invoked_by=record["userIdentity"].get("invokedBy", ""),
    )


def _principal(identity: Mapping[str, object]) -> str:
    context = identity.get("sessionContext")
    issuer = context.get("sessionIssuer") if isinstance(context, dict) else None
    return str((issuer if isinstance(issuer, dict) else identity).get("arn", ""))


def _resources(record: Mapping[str, object]) -> Iterator[str]:
    listed = record.get("resources")
    for entry in listed if isinstance(listed, list) else []:
        yield entry["ARN"]
