"""What a bucket tells EventBridge, and the rule that sends the news of new objects to a queue."""

from enum import Enum
from typing import cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct, IConstruct

from constructs_lib.actions import SEND_MESSAGES
from constructs_lib.at_synthesis import at_synthesis
from constructs_lib.enveloping.object_traffic import Objects
from constructs_lib.errors import ConfigurationError
from constructs_lib.service_access.eventbridge import send_to_target_queue
from constructs_lib.wiring.expected_names import generated_pattern
from constructs_lib.wiring.transport_keys import let_service

_SERVICE = "events.amazonaws.com"
_LONGEST_RULE_NAME = 64
_HANDLER_OF_CDK = "Notifications"
_OVERWRITTEN = (
    "notifications that are added after EncryptOnArrival switch its events off again: add them before, or call "
    "enable_event_bridge_notification() on the bucket before"
)
_SWITCH = "NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled"


class Notifications(Enum):
    """Who has a bucket tell EventBridge of its objects."""

    TURNED_ON_HERE = "turned on here"
    """This construct turns it on; the bucket belongs to this app."""
    ALREADY_ON = "already on"
    """Whoever owns the bucket has turned it on."""


def tell_event_bridge(bucket: s3.IBucket, notifications: Notifications) -> None:
    """Have a bucket send its events to EventBridge.

    A bucket without other notifications says so itself. One whose notifications the CDK writes with its custom
    resource must say it there, since that overwrites what the bucket says.

    Args:
        bucket: The bucket.
        notifications: Whether it does so already.

    Raises:
        ConfigurationError: If the bucket belongs to another app and nobody said that it does so.
    """
    if notifications is Notifications.ALREADY_ON:
        return
    resource = bucket.node.default_child
    if not isinstance(resource, s3.CfnBucket):
        raise ConfigurationError(
            f"source must be a bucket of this app, whose events can be turned on here, got {bucket.node.path}: have "
            "its owner turn on EventBridge and say notifications=Notifications.ALREADY_ON"
        )
    if bucket.node.try_find_child(_HANDLER_OF_CDK) is not None:
        bucket.enable_event_bridge_notification()
        return
    resource.add_property_override(_SWITCH, True)  # noqa: FBT003  # the CDK's own signature
    at_synthesis(bucket, lambda: _overwritten(bucket))


def _overwritten(bucket: s3.IBucket) -> list[str]:
    return [] if bucket.node.try_find_child(_HANDLER_OF_CDK) is None else [_OVERWRITTEN]


def new_objects_to_queue(
    scope: Construct, construct_id: str, *, objects: Objects, queue: sqs.Queue, undelivered: sqs.Queue
) -> events.Rule:
    """Define the rule that sends the news of each new object to a queue.

    Args:
        scope: The construct that owns the rule.
        construct_id: Name within `scope`.
        objects: Of which objects.
        queue: The queue, encrypted under a key.
        undelivered: Where news goes that the queue did not take, encrypted under the same key.
    """
    key_pattern = {"object": {"key": [{"prefix": objects.prefix}]}} if objects.prefix else {}
    rule = events.Rule(
        scope,
        construct_id,
        description="New objects, to be encrypted",
        event_pattern=events.EventPattern(
            account=[objects.bucket.env.account],
            source=["aws.s3"],
            detail_type=["Object Created"],
            detail={"bucket": {"name": [objects.bucket.bucket_name]}, **key_pattern},
        ),
        targets=[cast("events.IRuleTarget", _QueueTarget(queue, undelivered))],
    )
    for each in (queue, undelivered):
        each.add_to_resource_policy(
            iam.PolicyStatement(
                sid="RuleSends",
                principals=[iam.ServicePrincipal(_SERVICE)],
                actions=list(SEND_MESSAGES),
                resources=[each.queue_arn],
                conditions={"ArnEquals": {"aws:SourceArn": rule.rule_arn}},
            )
        )
    # The key must not wait for the rule, which waits for the queue, which waits for the key.
    name = generated_pattern(cast("cdk.CfnElement", rule.node.default_child), longest=_LONGEST_RULE_NAME)
    if queue.encryption_master_key is not None:
        let_service(
            scope,
            queue.encryption_master_key,
            send_to_target_queue(rule_name=name),
            argument="transport_key",
            otherwise="EventBridge cannot send to the queue",
        )
    return rule


@jsii.implements(events.IRuleTarget)
class _QueueTarget:
    """A queue as a target, without the permissions that the CDK's own would add, which are wider."""

    def __init__(self, queue: sqs.IQueue, undelivered: sqs.IQueue) -> None:
        self._queue, self._undelivered = queue, undelivered

    def bind(self, rule: events.IRule, id_: str | None = None) -> events.RuleTargetConfig:  # noqa: ARG002
        return events.RuleTargetConfig(
            arn=self._queue.queue_arn,
            dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=self._undelivered.queue_arn),
            target_resource=cast("IConstruct", self._queue),
        )
