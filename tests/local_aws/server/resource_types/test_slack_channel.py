from collections.abc import Callable

import pytest

from local_aws import LocalAws
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy


def test_a_channel_of_a_chat_is_made(make_stacks: Callable[..., StackOperation], aws: LocalAws) -> None:
    properties = {"ConfigurationName": "keys", "SlackChannelId": "C1", "SlackWorkspaceId": "T1", "IamRoleArn": "role"}
    stacks = make_stacks()

    created = stacks.create(
        {"Channel": {"Type": "AWS::Chatbot::SlackChannelConfiguration", "Properties": properties}},
        {"Arn": {"Fn::GetAtt": ["Channel", "Arn"]}},
    )

    arn = f"arn:aws:chatbot::{aws.account}:chat-configuration/slack-channel/keys"
    assert created.outputs["Arn"] == arn
    assert stacks.delete(created.name).status == "DELETE_COMPLETE"
