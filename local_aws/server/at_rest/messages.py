"""SQS keeps messages under a queue's key only for those who may use that key, callers and services alike.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html: who sends needs
`GenerateDataKey` and `Decrypt`, who receives `Decrypt`.
"""

from collections.abc import Mapping
from typing import Any

from ministack.services import sqs

from local_aws.server.at_rest.stored_data import StoredData

SENDING = ("GenerateDataKey", "Decrypt")
"""What somebody who sends a message must be allowed to do with the key."""

_NEEDED = {"SendMessage": SENDING, "SendMessageBatch": SENDING, "ReceiveMessage": ("Decrypt",)}

_dispatch_of_ministack = sqs._dispatch


def extend() -> None:
    """Stand before the operations that send and receive."""
    sqs._dispatch = _dispatch


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
