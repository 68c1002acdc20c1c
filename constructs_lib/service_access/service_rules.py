"""What AWS services need that call KMS for themselves, over all uses of the catalogue: `RULES`. No jsii."""

from collections.abc import Collection
from dataclasses import dataclass

from constructs_lib.actions import DECRYPT, DESCRIBE, ENCRYPT, GENERATE_DATA_KEY, RE_ENCRYPT, USE

_READ_AND_WRITE = (*DECRYPT, *GENERATE_DATA_KEY)
_QUEUES = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"
_TOPICS = "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"
_TOPICS_TO_QUEUES = (
    "https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic-sqs-queue-subscriptions.html"
)
_EVENTS = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-key-policy.html"

LOG_GROUPS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"
LOGS_CONTEXT = "aws:logs:arn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRule:
    """What a service principal needs, over all rows of the catalogue that are about it.

    Attributes:
        service: A regular expression for the service principal.
        actions: Exact actions that carry an encryption context where `context` is one, and any otherwise.
        page: The AWS page that says so.
        call: A call of the catalogue that gives the service what it needs.
        context: A key of the encryption context that the request must be bound to for the rule to apply.
        asked: Actions by which the CDK's construct is known: the rule applies if all of them are asked for.
        sent: Whether all uses send `aws:SourceAccount`, with the page that says so; empty if not.
        source: The pattern that `aws:SourceArn` has in all uses, for sources in the account of the key; empty if there
            is none.
        creator: The service through which whoever creates the resource uses the key; empty if he does not.
    """

    service: str
    actions: tuple[str, ...]
    page: str
    call: str
    context: str = ""
    asked: tuple[str, ...] = ()
    sent: str = ""
    source: str = ""
    creator: str = ""

    @property
    def must(self) -> str:
        """What may be given to the service, and how."""
        return f"among {', '.join(self.actions)} (key.allow({self.call}) gives what is needed; {self.page})"

    def is_about(self, actions: Collection[str], contexts: Collection[str]) -> bool:
        """Whether a request for these actions, bound to these keys of the context, is of the kind that is meant."""
        return (not self.context or self.context in contexts) and set(self.asked) <= set(actions)


RULES: tuple[ServiceRule, ...] = (
    ServiceRule(
        service=r"s3\.amazonaws\.com",
        actions=_READ_AND_WRITE,
        page=_QUEUES,
        call="s3.notify_queue(bucket_name=...)",
        sent=_TOPICS,
    ),
    ServiceRule(
        service=r"sns\.amazonaws\.com",
        actions=_READ_AND_WRITE,
        page=_TOPICS_TO_QUEUES,
        call="sns.deliver_to_queue(topic_name=...)",
        source="arn:{partition}:sns:*:{account}:*",
    ),
    ServiceRule(
        service=r"cloudwatch\.amazonaws\.com",
        actions=_READ_AND_WRITE,
        page=_TOPICS,
        call="cloudwatch.notify_topic()",
        sent=_TOPICS,
    ),
    ServiceRule(
        service=r"config\.amazonaws\.com",
        actions=_READ_AND_WRITE,
        page="https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html",
        call="aws_config.write_to_bucket()",
        sent="https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html",
    ),
    ServiceRule(
        service=r"events\.amazonaws\.com",
        context="aws:events:event-bus:arn",
        actions=(*_READ_AND_WRITE, *RE_ENCRYPT),
        page=_EVENTS,
        call="eventbridge.encrypt_bus(bus_name=...)",
        creator="events",
    ),
    # What a queue asks for, whoever sends to it: rules say for which account they send to queues.
    ServiceRule(
        service=r"events\.amazonaws\.com",
        asked=(*DECRYPT, *ENCRYPT, *RE_ENCRYPT),
        actions=_READ_AND_WRITE,
        page=_QUEUES,
        call="eventbridge.send_to_target_queue(rule_name=...)",
        sent=_QUEUES,
    ),
    # Rules that publish to a topic say for nobody that they act.
    ServiceRule(
        service=r"events\.amazonaws\.com",
        actions=(*_READ_AND_WRITE, DESCRIBE),
        page=_TOPICS,
        call="eventbridge.notify_topic()",
    ),
    ServiceRule(
        service=r"logs\.[^.]+\.amazonaws\.com(\.cn)?",
        context=LOGS_CONTEXT,
        actions=USE,
        page=LOG_GROUPS,
        call="cloudwatch_logs.encrypt_log_group(log_group_name=...)",
        creator="logs",
    ),
    ServiceRule(
        service=r"lambda\.amazonaws\.com",
        actions=_READ_AND_WRITE,
        page="https://docs.aws.amazon.com/lambda/latest/dg/encrypt-zip-package.html",
        call="lambda_functions.encrypt_package(function_name=...)",
    ),
    ServiceRule(
        service=r"cloudtrail\.amazonaws\.com",
        actions=(*_READ_AND_WRITE, DESCRIBE),
        page="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
        call="cloudtrail.write_logs(trail_name=...)",
    ),
)
"""The first that applies decides."""
