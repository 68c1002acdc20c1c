"""What is said of a call that CloudTrail records.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
"""

from collections.abc import Mapping

from constructs_lib.watching.messages import CALL_FACTS, CALL_PATHS, Message


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
