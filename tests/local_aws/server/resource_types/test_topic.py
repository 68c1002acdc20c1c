import json
from collections.abc import Callable
from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy


def test_a_topic_has_its_key_and_the_policy_that_sns_gives(
    aws: LocalAws, make_stacks: Callable[..., StackOperation]
) -> None:
    sns: Any = aws.session().client("sns")
    key = aws.session().client("kms").create_key()["KeyMetadata"]["KeyId"]
    stacks = make_stacks()
    encrypted = {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": key}}}
    created = stacks.create(encrypted, {"Arn": {"Ref": "Topic"}})

    attributes = sns.get_topic_attributes(TopicArn=created.outputs["Arn"])["Attributes"]

    assert attributes["KmsMasterKeyId"] == key
    (statement,) = json.loads(attributes["Policy"])["Statement"]
    assert statement["Condition"] == {"StringEquals": {"AWS:SourceOwner": aws.account}}
    stacks.update(created.name, {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "plain"}}})
    assert "KmsMasterKeyId" not in sns.get_topic_attributes(TopicArn=created.outputs["Arn"])["Attributes"]
    stacks.delete(created.name)
