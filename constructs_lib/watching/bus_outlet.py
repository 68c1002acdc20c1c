"""BusOutlet: news to an event bus, as events."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam

from constructs_lib.actions import PUT_EVENTS
from constructs_lib.watching.runbook import Runbook
from constructs_lib.watching.short_address import short_address
from constructs_lib.watching.undelivered import EVENTS, rules_of
from constructs_lib.watching.watching_rules import WatchingRules
from constructs_lib.wiring.findings import HIPAA, NIST, PACKS, answer

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_sqs as sqs
    from constructs import Construct

    from constructs_lib.watching.messages import Message

_AS_EVENT = (
    "CloudWatch tells the default event bus of each change of an alarm, and a rule of this construct sends that to the "
    "bus of the application: an action of the alarm's own would tell somebody else."
)
_INLINE = (
    "The policy belongs to this one role: it is created and deleted with it, and unlike a managed policy it cannot be "
    "attached to anybody else."
)


class BusOutlet:
    """What rules need to send to an event bus: a role that may put events on it, and nothing else.

    AWS demands the role where the bus is of another account or Region, and takes it everywhere. A bus gets events as
    they are: messages are written for whom its own rules tell.
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html

    Attributes:
        topic: None: there is none.
        runbook: Where alarms lead.
    """

    topic: None = None
    runbook: Runbook

    def __init__(self, scope: "Construct", *, bus: events.IEventBus, runbook: Runbook, news: str = "keys") -> None:
        """Wire nothing yet.

        Args:
            scope: The construct whose rules send to the bus.
            bus: The bus.
            runbook: Where alarms lead.
            news: Of what is told. Default: keys.
        """
        self._scope, self._bus, self.runbook = scope, bus, runbook
        self._rules = WatchingRules(scope, on_alarm=self.on_alarm, news=news)

    @property
    def rules(self) -> list[events.CfnRule]:
        """The rules so far."""
        return list(self._rules.made)

    @property
    def queue(self) -> "sqs.IQueue":
        """The queue of what was undelivered."""
        return self._rules.undelivered.queue

    def on_alarm(self, alarm: "cloudwatch.Alarm") -> None:
        """Have the bus told when an alarm rings: CloudWatch says so on the default bus.

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html

        Args:
            alarm: The alarm.
        """
        answer(alarm, {f"{pack}-CloudWatchAlarmAction": _AS_EVENT for pack in (HIPAA, NIST)})
        self._send(
            f"AlarmToBus{short_address(alarm)}",
            description="An alarm about keys rings",
            pattern={
                "source": ["aws.cloudwatch"],
                "detail-type": ["CloudWatch Alarm State Change"],
                "resources": [alarm.alarm_arn],
                "detail": {"state": {"value": ["ALARM"]}},
            },
        )

    def add_rule(
        self,
        construct_id: str,
        *,
        description: str,
        pattern: Mapping[str, Any],
        message: "Message",  # noqa: ARG002  # the bus gets the event itself
    ) -> events.CfnRule:
        """Have events sent to the bus.

        Args:
            construct_id: Name of the rule within the construct.
            description: What it is for.
            pattern: Which events.
            message: Not for a bus.
        """
        return self._send(construct_id, description=description, pattern=pattern)

    def _send(self, construct_id: str, *, description: str, pattern: Mapping[str, Any]) -> events.CfnRule:
        target = {"arn": self._bus.event_bus_arn, "role_arn": self._role.role_arn}
        return self._rules.add(construct_id, description=description, pattern=pattern, target=target)

    @cached_property
    def _role(self) -> iam.Role:
        stack = cdk.Stack.of(self._scope)
        rules = stack.format_arn(service="events", resource="rule", resource_name=rules_of(stack))
        role = iam.Role(
            self._scope,
            "BusRole",
            description="Sends news of keys to an event bus",
            assumed_by=iam.ServicePrincipal(
                EVENTS,
                conditions={
                    "StringEquals": {"aws:SourceAccount": stack.account},
                    "ArnLike": {"aws:SourceArn": rules},
                },
            ),
            inline_policies={
                "Send": iam.PolicyDocument(
                    statements=[
                        iam.PolicyStatement(sid="Send", actions=list(PUT_EVENTS), resources=[self._bus.event_bus_arn])
                    ]
                )
            },
        )
        answer(role, {f"{pack}-IAMNoInlinePolicy": _INLINE for pack in PACKS})
        return role
