"""EventBridge: rules that send to encrypted topics and queues, event buses and archives."""

from constructs_lib.actions import DECRYPT, DESCRIBE, GENERATE_DATA_KEY, RE_ENCRYPT
from constructs_lib.principals import Conditions, short_digest
from constructs_lib.service_access.publishing import publish_to_topic, send_to_queue
from constructs_lib.service_access.resource_names import EVENT_BUS, RULE, checked_account, checked_region
from constructs_lib.service_access.service_use import (
    ACCOUNT,
    PARTITION,
    REGION,
    SOURCE_ACCOUNT,
    SOURCE_ARN,
    Allowance,
    ServiceUse,
    both,
    from_account,
    from_arn,
    in_context,
)

_SERVICE = "events.amazonaws.com"
_CREATOR = "events"
_BUS_CONTEXT = "aws:events:event-bus:arn"
_GUIDE = "https://docs.aws.amazon.com/eventbridge/latest/userguide/"
_QUEUES = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"


def notify_topic(*, topic_name: str | None = None, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let rules publish to an encrypted topic.

    For this use, and no other, SNS says that neither `aws:SourceAccount` nor `aws:SourceArn` works: which rule it is
    is left to the topic's policy, and only the topic is bound here. The target must have no role.
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html

    Args:
        topic_name: Name of the topic, or a pattern of it; by default every topic of the account that has this key.
        region: Region of the topic.
        account: Account of the topic.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    return ServiceUse(
        title="EventBridge: rules to a topic",
        page="https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
        running=(publish_to_topic("RulesNotify", _SERVICE, topic_name=topic_name, region=region, account=account),),
    )


def send_to_target_queue(*, rule_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let a rule send to an encrypted queue. The target must have no role.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html

    Args:
        rule_name: Name of the rule, or a pattern of it; with its event bus in front, `orders/on-upload`, if that is not
            the default one.
        region: Region of the rule.
        account: Account of the rule.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    return ServiceUse(
        title="EventBridge: a rule to a queue",
        page=_QUEUES,
        running=(send_to_queue("RulesSend", _SERVICE, _for_rule(rule_name, region, account)),),
    )


def send_dead_letters(*, rule_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let a rule send what its targets did not take to an encrypted dead-letter queue.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html

    Args:
        rule_name: Name of the rule, or a pattern of it; with its event bus in front if that is not the default one.
        region: Region of the rule.
        account: Account of the rule.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    return ServiceUse(
        title="EventBridge: a rule's dead-letter queue",
        page=_QUEUES,
        running=(send_to_queue("RulesSend", _SERVICE, _for_rule(rule_name, region, account)),),
    )


def encrypt_bus(*, bus_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let EventBridge encrypt the events of an event bus.

    `DescribeKey` has no encryption context, so it is bound to the bus by its source alone.
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-key-policy.html

    Args:
        bus_name: Name of the event bus.
        region: Region of the bus.
        account: Account of the bus.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    bus = _bus(bus_name, region, account)
    for_bus: Conditions = {"StringEquals": {SOURCE_ACCOUNT: (account,), SOURCE_ARN: (bus,)}}
    digest = short_digest(bus)
    return ServiceUse(
        title="EventBridge: an event bus",
        page=f"{_GUIDE}eb-encryption-key-policy.html",
        running=(
            Allowance(
                sid=f"EventBusEncrypts{digest}",
                service=_SERVICE,
                actions=(*DECRYPT, *GENERATE_DATA_KEY),
                conditions=both(for_bus, in_context(_BUS_CONTEXT, bus)),
            ),
            Allowance(sid=f"EventBusDescribes{digest}", service=_SERVICE, actions=(DESCRIBE,), conditions=for_bus),
        ),
        creator=_CREATOR,
    )


def encrypt_archive(*, bus_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let EventBridge encrypt the archives of an event bus. It says there for no resource that it acts.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-key-policy.html

    Args:
        bus_name: Name of the event bus whose events are archived.
        region: Region of the bus.
        account: Account of the bus.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    bus = _bus(bus_name, region, account)
    return ServiceUse(
        title="EventBridge: archives of an event bus",
        page=f"{_GUIDE}eb-encryption-key-policy.html",
        running=(
            Allowance(
                sid=f"ArchivesEncrypt{short_digest(bus)}",
                service=_SERVICE,
                actions=(*DECRYPT, *GENERATE_DATA_KEY, *RE_ENCRYPT),
                conditions=in_context(_BUS_CONTEXT, bus),
            ),
            Allowance(sid="ArchivesDescribe", service=_SERVICE, actions=(DESCRIBE,)),
        ),
        creator=_CREATOR,
    )


def _bus(bus_name: str, region: str, account: str) -> str:
    name = EVENT_BUS.check("bus_name", bus_name)
    where = f"{checked_region('region', region)}:{checked_account('account', account)}"
    return f"arn:{PARTITION}:events:{where}:event-bus/{name}"


def _for_rule(rule_name: str, region: str, account: str) -> Conditions:
    name = RULE.check_pattern("rule_name", rule_name)
    where = f"{checked_region('region', region)}:{checked_account('account', account)}"
    return both(from_account(account), from_arn(f"arn:{PARTITION}:events:{where}:rule/{name}"))
