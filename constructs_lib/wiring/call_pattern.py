"""Which pattern sees the calls of a service that CloudTrail records, as events.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

API_CALL = "AWS API Call via CloudTrail"
SERVICE_EVENT = "AWS Service Event via CloudTrail"
NOT_REFUSED: Mapping[str, Any] = {"errorCode": [{"exists": False}]}


def call_pattern(service: str, calls: Sequence[str], named: Mapping[str, Any]) -> dict[str, Any]:
    """Return the pattern of calls of one service that were not refused.

    Args:
        service: The service, as its endpoint begins.
        calls: The calls.
        named: What else their record must say.
    """
    return {
        "source": [f"aws.{service}"],
        "detail-type": [API_CALL],
        "detail": {
            "eventSource": [f"{service}.amazonaws.com"],
            "eventName": list(calls),
            **NOT_REFUSED,
            **named,
        },
    }
