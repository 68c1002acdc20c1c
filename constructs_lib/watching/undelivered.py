"""Undelivered: the queue of what a rule's target did not take, and the alarm on it."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from constructs_lib.actions import SEND_MESSAGES
from constructs_lib.wiring.findings import answer

EVENTS = "events.amazonaws.com"

_LONGEST_RETENTION = cdk.Duration.days(14)
_END_OF_THE_WAY = (
    "This is itself the dead-letter queue: news that its target did not take for 24 hours waits here for fourteen "
    "days, and an alarm says so."
)
# How much of a stack's name the generated name of a rule has at least, which is 64 characters long at most.
_STACK_NAME_KEPT = 24


def rules_of(stack: cdk.Stack) -> str:
    """Return the pattern of the names of a stack's rules, so far as it is certain.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html

    Args:
        stack: Where the rules are, none of which was given a name.
    """
    outermost = stack
    while outermost.nested_stack_parent is not None:
        outermost = outermost.nested_stack_parent
    name = outermost.stack_name
    return f"{name[:_STACK_NAME_KEPT]}*" if len(name) > _STACK_NAME_KEPT else f"{name}-*"


class Undelivered:
    """What no target took, kept for fourteen days.

    SQS encrypts it under a key of its own, so that it keeps what the disabled key of the news left undelivered.

    EventBridge tries a target for 24 hours, then sends the event here, if that queue admits it.
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html

    Attributes:
        queue: The queue.
        alarm: Rings as long as there is something in it.
    """

    def __init__(self, scope: Construct, *, news: str = "keys") -> None:
        """Define the queue and its alarm.

        Args:
            scope: The construct that owns both.
            news: Of what is told. Default: keys.
        """
        stack = cdk.Stack.of(scope)
        self.queue = sqs.Queue(
            scope,
            "Undelivered",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=_LONGEST_RETENTION,
        )
        answer(self.queue, dict.fromkeys(("AwsSolutions-SQS3", "Serverless-SQSRedrivePolicy"), _END_OF_THE_WAY))
        rules = rules_of(stack)
        self.queue.add_to_resource_policy(
            iam.PolicyStatement(
                sid="RulesSend",
                principals=[iam.ServicePrincipal(EVENTS)],
                actions=list(SEND_MESSAGES),
                resources=[self.queue.queue_arn],
                conditions={
                    "StringEquals": {"aws:SourceAccount": stack.account},
                    "ArnLike": {
                        "aws:SourceArn": stack.format_arn(service="events", resource="rule", resource_name=rules)
                    },
                },
            )
        )
        self.alarm = self._alarm(scope, news)

    def _alarm(self, scope: Construct, news: str) -> cloudwatch.Alarm:
        return cloudwatch.Alarm(
            scope,
            "UndeliveredAlarm",
            alarm_description=(
                f"News of {news} did not reach whom it was for, and waits in the queue of what was undelivered: read "
                "it there, and look at the policies of the target and of its key"
            ),
            metric=self.queue.metric_approximate_number_of_messages_visible(period=cdk.Duration.minutes(1)),
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            threshold=1,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )

    def config(self) -> events.CfnRule.DeadLetterConfigProperty:
        """Return what a rule's target is told of the queue."""
        return events.CfnRule.DeadLetterConfigProperty(arn=self.queue.queue_arn)
