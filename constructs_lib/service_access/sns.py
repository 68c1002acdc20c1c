"""SNS: who publishes to an encrypted topic, and topics that deliver to encrypted queues."""

from constructs_lib.principals import short_digest
from constructs_lib.service_access.publishing import SEND, send_to_queue, topic_arn
from constructs_lib.service_access.resource_names import TOPIC, checked_account, checked_region
from constructs_lib.service_access.service_use import (
    ACCOUNT,
    PARTITION,
    REGION,
    Allowance,
    ServiceUse,
    both,
    from_arn,
    in_context,
    via,
)

_SERVICE = "sns.amazonaws.com"
_GUIDE = "https://docs.aws.amazon.com/sns/latest/dg/"


def publish(*, topic_name: str | None = None, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let callers publish to an encrypted topic.

    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html

    Args:
        topic_name: Name of the topic, or a pattern of it; by default every topic of the account that has this key.
        region: Region of the topic.
        account: Account of the topic.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    conditions = both(via("sns", region), in_context("aws:sns:topicArn", topic_arn(topic_name, region, account)))
    return ServiceUse(
        title="SNS: publishers of a topic",
        page=f"{_GUIDE}sns-key-management.html",
        running=(Allowance(sid=f"Publishers{short_digest(conditions)}", actions=SEND, conditions=conditions),),
    )


def deliver_to_queue(*, topic_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let a topic deliver to an encrypted queue that subscribes to it. The statement belongs to the queue's key.

    https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic-sqs-queue-subscriptions.html

    Args:
        topic_name: Name of the topic, or a pattern of it.
        region: Region of the topic.
        account: Account of the topic.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    return ServiceUse(
        title="SNS: a topic to a queue",
        page=f"{_GUIDE}sns-enable-encryption-for-topic-sqs-queue-subscriptions.html",
        running=(_delivering(topic_name, region, account),),
    )


def deliver_dead_letters(*, topic_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let a topic send what a subscriber did not take to an encrypted dead-letter queue.

    https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html

    Args:
        topic_name: Name of the topic, or a pattern of it.
        region: Region of the topic.
        account: Account of the topic.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    return ServiceUse(
        title="SNS: dead-letter queue of a subscription",
        page=f"{_GUIDE}sns-dead-letter-queues.html",
        running=(_delivering(topic_name, region, account),),
    )


def _delivering(topic_name: str, region: str, account: str) -> Allowance:
    name = TOPIC.check_pattern("topic_name", topic_name)
    where = f"{checked_region('region', region)}:{checked_account('account', account)}"
    return send_to_queue("TopicsDeliver", _SERVICE, from_arn(f"arn:{PARTITION}:sns:{where}:{name}"))
