"""SQS keeps messages under a queue's key only for those who may use that key, callers and services alike.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html: who sends needs
`GenerateDataKey` and `Decrypt`, who receives `Decrypt`. EventBridge sends in its own name, to queues whose policy
and whose key admit it, and else to the dead-letter queue of the target; ministack lets it send to any.
"""

import logging
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import eventbridge, sqs

from local_aws.server.at_rest.stored_data import StoredData

_log = logging.getLogger(__name__)
_SENDING = ("GenerateDataKey", "Decrypt")
_NEEDED = {"SendMessage": _SENDING, "SendMessageBatch": _SENDING, "ReceiveMessage": ("Decrypt",)}
_EVENTBRIDGE = "events.amazonaws.com"

_dispatch_of_ministack = sqs._dispatch
_invoke_as_ministack = eventbridge._invoke_target


def extend() -> None:
    """Stand before the operations that send and receive, and before EventBridge's own deliveries."""
    sqs._dispatch = _dispatch
    eventbridge._invoke_target = _invoke_target


def data_of(queue: Mapping[str, Any]) -> StoredData:
    """Say under which key a queue's messages are."""
    attributes = queue["attributes"]
    context = {"aws:sqs:arn": attributes.get("QueueArn", "")}
    return StoredData(service="sqs", key_id=attributes.get("KmsMasterKeyId", ""), encryption_context=context)


async def _dispatch(action: str, request: dict[str, Any], url: str) -> dict[str, Any]:
    if action in _NEEDED:
        refused = data_of(sqs._get_q(url)).refusal_of_caller(_NEEDED[action])
        if refused is not None:
            raise sqs._Err("KMS.AccessDeniedException", refused, 400)
    answer: dict[str, Any] = await _dispatch_of_ministack(action, request, url)
    return answer


def _invoke_target(target: dict[str, Any], event: Any, rule: dict[str, Any], *rest: Any) -> None:  # noqa: ANN401
    arn, source = str(target.get("Arn", "")), str(rule.get("Arn", ""))
    queue = sqs._queue_by_arn(arn) if ":sqs:" in arn and ":events:" in source else None
    if queue is None or _admits(arn, queue, source):
        _invoke_as_ministack(target, event, rule, *rest)
        return
    _log.warning("%s or its key does not admit %s", arn, source)
    undelivered = target.get("DeadLetterConfig", {}).get("Arn")
    if undelivered:
        _invoke_target({"Id": target["Id"], "Arn": undelivered}, event, rule, *rest)


def _admits(arn: str, queue: Mapping[str, Any], rule_arn: str) -> bool:
    admitted: bool = sqs.queue_policy_allows(arn, _EVENTBRIDGE, rule_arn, get_account_id())
    return admitted and data_of(queue).admits_service(_EVENTBRIDGE, _SENDING, source_arn=rule_arn)
