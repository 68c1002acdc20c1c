"""SNS takes a message for an encrypted topic only from whom the topic's key admits, people and services alike.

https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html: who publishes needs `GenerateDataKey` and `Decrypt`,
a service in its own name. ministack publishes whatever it is given.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ministack.services import sns

from local_aws.server.at_rest.stored_data import StoredData
from local_aws.server.service_principal import is_admitted

_NEEDED = ("GenerateDataKey", "Decrypt")


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """A service that publishes: the condition keys that it sends to SNS, and those that it sends to the topic's key."""

    service: str
    to_topic: Mapping[str, str] = field(default_factory=dict)
    to_key: Mapping[str, str] = field(default_factory=dict)


def extend() -> None:
    """Stand before the operations that publish."""
    sns._publish = _asking(sns._publish)
    sns._publish_batch = _asking(sns._publish_batch)


def refusal_of_publisher(topic_arn: str, publisher: Publisher) -> str | None:
    """Say why a service may not publish to a topic; nothing if it may, or if there is no such topic.

    Args:
        topic_arn: The topic.
        publisher: The service.
    """
    topic = sns._topic_by_arn_any_scope(topic_arn)
    if topic is None:
        return None
    policy = topic["attributes"].get("Policy")
    if not is_admitted(
        policy, service=publisher.service, action="sns:Publish", resource=topic_arn, keys=publisher.to_topic
    ):
        return f"{publisher.service} is not authorized to perform: SNS:Publish on resource: {topic_arn}"
    if not _data_of(topic).admits_service(publisher.service, _NEEDED, sent=publisher.to_key):
        return f"the key of {topic_arn} does not admit {publisher.service}"
    return None


def _data_of(topic: Mapping[str, Any]) -> StoredData:
    key = topic["attributes"].get("KmsMasterKeyId", "")
    return StoredData(service="sns", key_id=key, encryption_context={"aws:sns:topicArn": topic["arn"]})


def _asking(publish: Callable[..., Any]) -> Callable[..., Any]:
    def ask(params: dict[str, Any]) -> Any:  # noqa: ANN401  # ministack's response
        arn = sns._normalize_arn(sns._p(params, "TopicArn") or sns._p(params, "TargetArn"))
        topic = sns._topic_by_arn_any_scope(arn)
        refused = _data_of(topic).refusal_of_caller(_NEEDED) if topic is not None else None
        return publish(params) if refused is None else sns._error("KMSAccessDenied", refused, 400)

    return ask
