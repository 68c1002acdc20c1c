"""SQS: who sends to an encrypted queue and who receives from it."""

from constructs_lib.actions import DECRYPT
from constructs_lib.principals import Conditions, short_digest
from constructs_lib.service_access.publishing import SEND, queue_arn
from constructs_lib.service_access.service_use import ACCOUNT, REGION, Allowance, ServiceUse, both, in_context, via

_PAGE = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"


def send(*, queue_name: str | None = None, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let callers send to an encrypted queue.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html

    Args:
        queue_name: Name of the queue, or a pattern of it; by default every queue of the account that has this key.
        region: Region of the queue.
        account: Account of the queue.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    conditions = _through(queue_name, region, account)
    return ServiceUse(
        title="SQS: producers of a queue",
        page=_PAGE,
        running=(Allowance(sid=f"Producers{short_digest(conditions)}", actions=SEND, conditions=conditions),),
    )


def receive(*, queue_name: str | None = None, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let callers receive from an encrypted queue. Of a dead-letter queue, they need the source queue's key as well.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html

    Args:
        queue_name: Name of the queue, or a pattern of it; by default every queue of the account that has this key.
        region: Region of the queue.
        account: Account of the queue.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    conditions = _through(queue_name, region, account)
    return ServiceUse(
        title="SQS: consumers of a queue",
        page=_PAGE,
        running=(Allowance(sid=f"Consumers{short_digest(conditions)}", actions=DECRYPT, conditions=conditions),),
    )


def _through(queue_name: str | None, region: str, account: str) -> Conditions:
    return both(via("sqs", region), in_context("aws:sqs:arn", queue_arn(queue_name, region, account)))
