"""TopicOutlet: news to an encrypted topic, whose policy and key admit exactly those who bring it."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns

from constructs_lib.actions import PUBLISH_TO_TOPIC
from constructs_lib.naming.token_text import TokenText
from constructs_lib.service_access import cloudwatch as cloudwatch_uses
from constructs_lib.service_access import eventbridge as eventbridge_uses
from constructs_lib.watching.messages import Form, Message
from constructs_lib.watching.runbook import Runbook
from constructs_lib.watching.undelivered import EVENTS
from constructs_lib.watching.watching_rules import WatchingRules
from constructs_lib.wiring.expected_names import expected_name
from constructs_lib.wiring.transport_keys import let_service

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sqs as sqs
    from constructs import Construct

    from constructs_lib.service_access.service_use import ServiceUse

_ALARMS = "cloudwatch.amazonaws.com"
_LONGEST_TOPIC_NAME = 256


class TopicOutlet:
    """What rules and alarms need to tell a topic, given when the first of them does.

    The topic's policy admits EventBridge without a condition, since AWS sends it none to topics, and CloudWatch for
    alarms of this account and Region. The same holds of the key, which is bound to this one topic by the encryption
    context that SNS sends. Nobody else can publish who may not use the key.
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
    https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html

    Attributes:
        topic: The topic.
        runbook: Where messages and alarms lead.
    """

    topic: sns.ITopic
    runbook: Runbook

    def __init__(
        self,
        scope: "Construct",
        *,
        topic: sns.ITopic,
        key: "kms.IKey | None",
        form: Form,
        runbook: Runbook,
        news: str = "keys",
    ) -> None:
        """Wire nothing yet.

        Args:
            scope: The construct whose rules and alarms tell the topic.
            topic: The topic.
            key: The key of the topic; None if nobody knows it, or it has none.
            form: How messages are written.
            runbook: Where they lead.
            news: Of what they tell. Default: keys.
        """
        self.topic, self.runbook = topic, runbook
        self._scope, self._key, self._form = scope, key, form
        self._rules = WatchingRules(scope, on_alarm=self.on_alarm, news=news)
        self._admitted: set[str] = set()

    @property
    def rules(self) -> list[events.CfnRule]:
        """The rules so far."""
        return list(self._rules.made)

    @property
    def queue(self) -> "sqs.IQueue":
        """The queue of what was undelivered."""
        return self._rules.undelivered.queue

    def on_alarm(self, alarm: "cloudwatch.Alarm") -> None:
        """Have the topic told when an alarm rings.

        Args:
            alarm: The alarm.
        """
        stack = cdk.Stack.of(self._scope)
        pattern = stack.format_arn(
            service="cloudwatch", resource="alarm", resource_name="*", arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME
        )
        self._admit(
            _ALARMS,
            sid="AlarmsPublish",
            conditions={
                "StringEquals": {"aws:SourceAccount": stack.account},
                "ArnLike": {"aws:SourceArn": pattern},
            },
            use=cloudwatch_uses.notify_topic,
        )
        alarm.add_alarm_action(cast("cloudwatch.IAlarmAction", actions.SnsAction(self.topic)))

    def add_rule(
        self, construct_id: str, *, description: str, pattern: Mapping[str, Any], message: Message
    ) -> events.CfnRule:
        """Have the topic told of events.

        Args:
            construct_id: Name of the rule within the construct.
            description: What it is for.
            pattern: Which events.
            message: What is said of each.
        """
        self._admit(EVENTS, sid="RulesPublish", conditions={}, use=eventbridge_uses.notify_topic)
        transformer = events.CfnRule.InputTransformerProperty(
            input_template=message.template(self._form, self.runbook), input_paths_map=message.used_paths(self._form)
        )
        return self._rules.add(
            construct_id,
            description=description,
            pattern=pattern,
            target={"arn": self.topic.topic_arn, "input_transformer": transformer},
        )

    def _admit(self, service: str, *, sid: str, conditions: Mapping[str, Any], use: Any) -> None:  # noqa: ANN401  # a function of the catalogue
        if service in self._admitted:
            return
        self._admitted.add(service)
        statement = iam.PolicyStatement(
            sid=sid,
            principals=[iam.ServicePrincipal(service)],
            actions=list(PUBLISH_TO_TOPIC),
            resources=[self.topic.topic_arn],
            conditions=dict(conditions),
        )
        if not self.topic.add_to_resource_policy(statement).statement_added:
            self._announce(service, statement)
        if self._key is not None:
            let_service(
                self._scope,
                self._key,
                cast("ServiceUse", use(topic_name=self._name())),
                argument="encryption_key",
                otherwise=f"{service} cannot publish, and nobody hears",
            )

    def _announce(self, service: str, statement: iam.PolicyStatement) -> None:
        text = TokenText(cdk.Stack.of(self._scope))
        added = text.text(json.dumps(cdk.Stack.of(self._scope).resolve(statement.to_statement_json())))
        cdk.Annotations.of(self._scope).add_warning_v2(
            f"cdk-key-management:topic-not-admitting-{service.partition('.')[0]}",
            f"the policy of {self.topic.node.path} cannot be written from here; its owner must add this statement, or "
            f"nobody hears: {added}; and if a key of KMS encrypts the topic, that key must admit {service} too",
        )

    def _name(self) -> str:
        resource = self.topic.node.default_child
        if isinstance(resource, sns.CfnTopic):
            return expected_name(self.topic, given=resource.topic_name, longest=_LONGEST_TOPIC_NAME)
        return self.topic.topic_name


def new_topic(scope: "Construct", *, key: "kms.IKey") -> sns.Topic:
    """Define a topic that is encrypted and takes nothing without TLS.

    Args:
        scope: The construct that owns it.
        key: Its key.
    """
    return sns.Topic(scope, "Topic", master_key=key, enforce_ssl=True)
