"""Calls that CloudTrail records, as events: which pattern sees them, and what is said of one.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from constructs_lib.watching.messages import CALL_FACTS, CALL_PATHS, Message

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


def call_message(
    headline: str,
    *,
    section: str,
    facts: tuple[str, ...],
    remedy: tuple[str, ...],
    paths: Mapping[str, str] | None = None,
) -> Message:
    """Return what is said of a call.

    Args:
        headline: What happened.
        section: The section of the runbook.
        facts: What is said beside who, from where and when.
        remedy: What to do now.
        paths: Where the facts are in the event. Default: it has none of its own.
    """
    return Message(
        headline=headline,
        facts=(*facts, *CALL_FACTS),
        remedy=remedy,
        section=section,
        paths={**CALL_PATHS, **(paths or {})},
    )
