"""Publishing to an encrypted topic and sending to an encrypted queue: what many services do in the same way.

SNS and SQS call KMS on behalf of whoever publishes or sends. SNS puts the topic's ARN into the encryption context.
https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic.html
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
"""

from constructs_lib.actions import DECRYPT, GENERATE_DATA_KEY
from constructs_lib.principals import Conditions, short_digest
from constructs_lib.service_access.resource_names import QUEUE, TOPIC, checked_account, checked_region
from constructs_lib.service_access.service_use import (
    ACCOUNT,
    PARTITION,
    REGION,
    Allowance,
    both,
    in_context,
)

SEND = (*DECRYPT, *GENERATE_DATA_KEY)
"""A new data key is decrypted once before it is used."""


def topic_arn(topic_name: str | None, region: str = REGION, account: str = ACCOUNT) -> str:
    """Return the ARN of a topic, or the pattern of all of the account's if there is no name.

    Args:
        topic_name: Name of the topic, a pattern of it, or None.
        region: Region of the topic.
        account: Account of the topic.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.

    Examples:
        >>> topic_arn("alarms", "eu-west-1", "111122223333")
        'arn:${AWS::Partition}:sns:eu-west-1:111122223333:alarms'
    """
    name = TOPIC.check_pattern("topic_name", topic_name) if topic_name is not None else "*"
    return f"arn:{PARTITION}:sns:{checked_region('region', region)}:{checked_account('account', account)}:{name}"


def queue_arn(queue_name: str | None, region: str = REGION, account: str = ACCOUNT) -> str:
    """Return the ARN of a queue, or the pattern of all of the account's if there is no name.

    Args:
        queue_name: Name of the queue, or a pattern of it.
        region: Region of the queue.
        account: Account of the queue.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.

    Examples:
        >>> queue_arn(None, "eu-west-1", "111122223333")
        'arn:${AWS::Partition}:sqs:eu-west-1:111122223333:*'
    """
    name = QUEUE.check_pattern("queue_name", queue_name) if queue_name is not None else "*"
    return f"arn:{PARTITION}:sqs:{checked_region('region', region)}:{checked_account('account', account)}:{name}"


def publish_to_topic(
    sid: str,
    service: str,
    *,
    topic_name: str | None,
    region: str,
    account: str,
    source: Conditions | None = None,
) -> Allowance:
    """Let a service publish to an encrypted topic.

    Args:
        sid: How its Sid begins.
        service: The service principal.
        topic_name: Name of the topic, a pattern of it, or None for all of the account's.
        region: Region of the topic.
        account: Account of the topic.
        source: For whom the service must act.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    conditions = both(in_context("aws:sns:topicArn", topic_arn(topic_name, region, account)), source or {})
    return Allowance(sid=sid + short_digest(conditions), service=service, actions=SEND, conditions=conditions)


def send_to_queue(sid: str, service: str, source: Conditions) -> Allowance:
    """Let a service send to an encrypted queue.

    Args:
        sid: How its Sid begins.
        service: The service principal.
        source: For whom the service must act.
    """
    return Allowance(sid=sid + short_digest(source), service=service, actions=SEND, conditions=source)
