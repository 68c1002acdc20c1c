"""EventBridge delivers to topics and queues that admit it, and what it may not deliver goes to the dead-letter queue.

To a queue and its key it says for which rule it acts. To a topic and its key it says nothing: AWS's page on topics
shows a statement without conditions, and SNS documents that none works for EventBridge on the key.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
"""

import logging
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import cloudwatch, eventbridge, sqs

from local_aws.server.at_rest.messages import SENDING, data_of
from local_aws.server.notifications.publishing import Publisher, refusal_of_publisher
from local_aws.server.service_principal import acting_for

_log = logging.getLogger(__name__)
_EVENTBRIDGE = "events.amazonaws.com"

_invoke_as_ministack = eventbridge._invoke_target


def extend() -> None:
    """Stand before EventBridge's deliveries."""
    eventbridge._invoke_target = _invoke_target


def _invoke_target(target: dict[str, Any], event: object, rule: dict[str, Any], *rest: object) -> None:
    source = str(rule.get("Arn", ""))
    if ":events:" not in source:  # what ministack sends in other services' names
        _invoke_as_ministack(target, event, rule, *rest)
        return
    refused = _refusal(str(target.get("Arn", "")), source)
    if refused is None:
        _invoke_as_ministack(target, event, rule, *rest)
        _count("Invocations", rule)
        return
    _log.warning("%s: %s", source, refused)
    _count("FailedInvocations", rule)
    undelivered = target.get("DeadLetterConfig", {}).get("Arn")
    if undelivered:
        _to_dead_letters(str(undelivered), target, event, rule, *rest)


def _to_dead_letters(arn: str, target: dict[str, Any], event: object, rule: dict[str, Any], *rest: object) -> None:
    """Send the whole event, as it came, to the queue for what was not delivered."""
    if _refusal(arn, str(rule["Arn"])) is None:
        _invoke_as_ministack({"Id": target["Id"], "Arn": arn}, event, rule, *rest)
        _count("InvocationsSentToDlq", rule)
    else:
        _log.warning("%s or its key does not admit %s", arn, rule["Arn"])
        _count("InvocationsFailedToBeSentToDlq", rule)


def _refusal(arn: str, source: str) -> str | None:
    if ":sns:" in arn:
        return refusal_of_publisher(arn, Publisher(service=_EVENTBRIDGE))
    queue = sqs._queue_by_arn(arn) if ":sqs:" in arn else None
    if queue is None:
        return None
    admitted: bool = sqs.queue_policy_allows(arn, _EVENTBRIDGE, source, get_account_id())
    if admitted and data_of(queue).admits_service(_EVENTBRIDGE, SENDING, sent=acting_for(source)):
        return None
    return f"{arn} or its key does not admit the rule"


def _count(metric: str, rule: dict[str, Any]) -> None:
    cloudwatch.record_metric("AWS/Events", metric, 1, "Count", {"RuleName": rule["Name"]})
    cloudwatch._evaluate_all_alarms()
