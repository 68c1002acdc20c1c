"""Outlet: the way from rules and alarms to whoever is told."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from constructs_lib.errors import ConfigurationError
from constructs_lib.watching.bus_outlet import BusOutlet
from constructs_lib.watching.listeners import announce_unheard
from constructs_lib.watching.messages import Form
from constructs_lib.watching.notify import NewTopic, Notify, ToBus, ToChat, ToTopic
from constructs_lib.watching.runbook import OF_THE_LIBRARY, Runbook
from constructs_lib.watching.taken_by_others import announce_open, announce_owner_of_bus
from constructs_lib.watching.topic_outlet import TopicOutlet, new_topic
from constructs_lib.wiring.given_resources import check_symmetric_keys, spoken
from constructs_lib.wiring.places import distance_of

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_events as events
    from aws_cdk import aws_sqs as sqs
    from constructs import Construct

    from constructs_lib.watching.messages import Message

_OF_AWS = "alias/aws/"


class Outlet(Protocol):
    """Whoever is told, as rules and alarms see it.

    Attributes:
        topic: The topic on the way; None for a bus.
        runbook: Where messages and alarms lead.
    """

    @property
    def topic(self) -> sns.ITopic | None:
        """The topic on the way; None for a bus."""

    @property
    def runbook(self) -> Runbook:
        """Where messages and alarms lead."""

    @property
    def rules(self) -> "list[events.CfnRule]":
        """The rules so far."""

    @property
    def queue(self) -> "sqs.IQueue":
        """The queue of what was undelivered."""

    def on_alarm(self, alarm: "cloudwatch.Alarm") -> None:
        """Have an alarm tell."""

    def add_rule(
        self, construct_id: str, *, description: str, pattern: Mapping[str, Any], message: "Message"
    ) -> "events.CfnRule":
        """Have events told."""


def check_notify(scope: "Construct", notify: Notify) -> None:
    """Refuse whom rules and alarms of a stack cannot tell.

    Args:
        scope: Where the rules and alarms will be.
        notify: Whom they tell.

    Raises:
        ConfigurationError: If it is nobody, of another kind of key, account or Region, a topic that keeps order or that
            is encrypted under a key of AWS, which admits no service, the default bus, or a channel of another app.
    """
    match notify:
        case NewTopic(encryption_key=key):
            _check_key(scope, key)
        case ToChat(encryption_key=key, channel=channel):
            _check_key(scope, key)
            if not hasattr(channel, "add_notification_topic"):
                imported = hasattr(channel, "slack_channel_configuration_arn")
                got = f"{channel.node.path}, which is imported" if imported else spoken(channel)
                raise ConfigurationError(
                    f"channel must be a SlackChannelConfiguration of this app to add a topic to, got {got}"
                )
        case ToTopic(topic=topic):
            _check_topic(scope, topic)
        case ToBus(bus=bus):
            _check_bus(scope, bus)
        case _:
            raise ConfigurationError(
                f"notify must be NewTopic(...), ToTopic(...), ToBus(...) or ToChat(...), got {spoken(notify)}"
            )


def open_outlet(scope: "Construct", notify: Notify, runbook: Runbook = OF_THE_LIBRARY, *, news: str = "keys") -> Outlet:
    """Define what is on the way to whoever is told.

    Args:
        scope: The construct whose rules and alarms tell; once for each construct.
        notify: Whom they tell.
        runbook: Where messages and alarms lead. Default: to that of this library.
        news: Of what they tell. Default: keys.

    Raises:
        ConfigurationError: If they cannot: `check_notify`.
    """
    check_notify(scope, notify)
    match notify:
        case NewTopic(encryption_key=key):
            topic = new_topic(scope, key=_itself(key))
            announce_unheard(topic)
            return TopicOutlet(scope, topic=topic, key=_itself(key), form=Form.TEXT, runbook=runbook, news=news)
        case ToChat(encryption_key=key, channel=channel):
            topic = new_topic(scope, key=_itself(key))
            channel.add_notification_topic(topic)
            return TopicOutlet(scope, topic=topic, key=_itself(key), form=Form.CHAT, runbook=runbook, news=news)
        case ToTopic(topic=given):
            if isinstance(given, sns.Topic):
                announce_unheard(given)
            announce_open(scope, given)
            return TopicOutlet(scope, topic=given, key=given.master_key, form=Form.TEXT, runbook=runbook, news=news)
        case ToBus(bus=bus):
            announce_owner_of_bus(scope, bus)
            return BusOutlet(scope, bus=bus, runbook=runbook, news=news)


def encryption_key_of(notify: Notify) -> "kms.IKey | None":
    """Return the key under which news waits for whoever is told, if anybody knows it.

    Args:
        notify: Whom rules and alarms tell.
    """
    match notify:
        case NewTopic(encryption_key=key) | ToChat(encryption_key=key):
            return _itself(key)
        case ToTopic(topic=topic):
            return topic.master_key
        case ToBus():
            return None


def _itself(key: "kms.IKey") -> "kms.IKey":
    return key.alias_target_key if isinstance(key, kms.Alias) else key


def _check_key(scope: "Construct", key: "kms.IKey") -> None:
    check_symmetric_keys({"encryption_key": key})
    if str(key.key_id).startswith(_OF_AWS):
        raise ConfigurationError(
            f"encryption_key must be a key of yours, since that of AWS admits no service, got {key.key_id}"
        )
    _check_place(scope, "encryption_key", key)


def _check_topic(scope: "Construct", topic: sns.ITopic) -> None:
    if not (hasattr(topic, "topic_arn") and hasattr(topic, "add_to_resource_policy")):
        raise ConfigurationError(f"topic must be a topic, such as sns.Topic(...), got {spoken(topic)}")
    _check_place(scope, "topic", topic)
    if topic.fifo:
        raise ConfigurationError(
            f"topic must be a standard one, to which rules can publish, got {topic.node.path}, which keeps order"
        )
    key = topic.master_key
    if key is not None and str(key.key_id).startswith(_OF_AWS):
        raise ConfigurationError(
            f"topic must be encrypted under a key of yours, since that of AWS admits no service, got {topic.node.path} "
            f"under {key.key_id}"
        )


def _check_bus(scope: "Construct", bus: "events.IEventBus") -> None:
    if not (hasattr(bus, "event_bus_arn") and hasattr(bus, "event_bus_name")):
        raise ConfigurationError(f"bus must be an event bus, such as events.EventBus(...), got {spoken(bus)}")
    here = cdk.Stack.of(scope)
    is_here = (bus.env.account, bus.env.region) == (here.account, here.region)
    if bus.event_bus_name == "default" and is_here:
        raise ConfigurationError("bus must be another than the default one, on which the rules are, got that")


def _check_place(scope: "Construct", argument: str, given: cdk.IResource) -> None:
    apart = distance_of(cdk.Stack.of(scope), given)
    if apart is not None:
        raise ConfigurationError(
            f"{argument} must be of {apart.what} {apart.here}, as the alarms and rules are, got {given.node.path} of "
            f"{apart.there}"
        )
