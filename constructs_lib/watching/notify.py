"""Notify: whom alarms and rules tell what happened."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_cdk import aws_chatbot as chatbot
    from aws_cdk import aws_events as events
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sns as sns


@dataclass(frozen=True, kw_only=True)
class NewTopic:
    """A topic of the construct's own, to which people subscribe: `watch.topic.add_subscription(...)`.

    Attributes:
        encryption_key: The key of the topic. EventBridge and CloudWatch alarms are admitted to it for this one topic.
            It must be another key than those that are watched: disabled, it would silence the news of that. So watch it
            by another `KeyWatch`, which tells under another key. What the topic does not take waits in a queue that
            SQS encrypts.
    """

    encryption_key: "kms.IKey"


@dataclass(frozen=True, kw_only=True)
class ToTopic:
    """A topic that exists, or another construct's, such as `watch.topic`.

    Attributes:
        topic: A standard topic in the account and Region of what tells it. If it is of this app, its policy and that of
            its key get what they need; else it is announced what their owners must add.
    """

    topic: "sns.ITopic"


@dataclass(frozen=True, kw_only=True)
class ToBus:
    """An event bus, such as that of a security account. It gets events as they are, and changes of alarms.

    Attributes:
        bus: Any bus but the default one, on which the rules are.
    """

    bus: "events.IEventBus"


@dataclass(frozen=True, kw_only=True)
class ToChat:
    """A channel of Slack, by Amazon Q Developer in chat applications, and a topic on the way to it.

    https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html

    Attributes:
        channel: The channel, defined in this app.
        encryption_key: The key of the topic, as that of `NewTopic`.
    """

    channel: "chatbot.SlackChannelConfiguration"
    encryption_key: "kms.IKey"


Notify = NewTopic | ToTopic | ToBus | ToChat
"""Whom alarms and rules tell."""
