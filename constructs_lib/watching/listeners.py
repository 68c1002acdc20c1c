"""Topics to which nobody listens."""

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_sns as sns

from constructs_lib.at_synthesis import at_synthesis
from constructs_lib.naming.token_text import referenced_in

if TYPE_CHECKING:
    from constructs import IConstruct

_ASKED = "_cdk_key_management_topics_to_be_heard"


def announce_unheard(topic: sns.Topic) -> None:
    """Have it announced at synthesis if nothing in the app subscribes to a topic.

    Args:
        topic: A topic of this app.
    """
    root = topic.node.root
    topics: list[sns.Topic] | None = getattr(root, _ASKED, None)
    if topics is None:
        topics = []
        setattr(root, _ASKED, topics)
        at_synthesis(topic, lambda: _announce(root, topics))
    if topic not in topics:
        topics.append(topic)


def _announce(root: "IConstruct", topics: list[sns.Topic]) -> list[str]:
    subscribed = [each.topic_arn for each in root.node.find_all() if isinstance(each, sns.CfnSubscription)]
    heard = {target.node.path for target in map(referenced_in, subscribed) if target is not None}
    for topic in topics:
        if f"{topic.node.path}/Resource" not in heard:
            cdk.Annotations.of(topic).add_warning_v2(
                "cdk-key-management:nobody-listens",
                "nothing in this app subscribes to the topic, so what happens to the keys reaches nobody: "
                "add_subscription(...), or acknowledge this if somebody subscribes elsewhere",
            )
    return []
