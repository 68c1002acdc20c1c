"""AWS::Chatbot::SlackChannelConfiguration: it exists, and nothing is sent to Slack.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-chatbot-slackchannelconfiguration.html
"""

from typing import Any

from ministack.core.responses import get_account_id

TYPE = "AWS::Chatbot::SlackChannelConfiguration"


def row() -> dict[str, Any]:
    """Return the handlers."""
    return {"create": _create, "update": _update, "delete": _delete}


def _create(_logical_id: str, properties: dict[str, Any], _stack_name: str) -> tuple[str, dict[str, str]]:
    name = f"slack-channel/{properties['ConfigurationName']}"
    arn = f"arn:aws:chatbot::{get_account_id()}:chat-configuration/{name}"
    return arn, {"Arn": arn}


def _update(_arn: str, _old: dict[str, Any], properties: dict[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
    return _create("", properties, stack_name)


def _delete(_arn: str, _properties: dict[str, Any]) -> None:
    """There is nothing to delete."""
