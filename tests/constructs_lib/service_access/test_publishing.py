"""What publishing and sending have in common."""

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.service_access.publishing import publish_to_topic, queue_arn, send_to_queue, topic_arn
from constructs_lib.service_access.service_use import from_account

HERE = ("eu-west-1", "111122223333")


def test_a_topic_and_a_queue_are_named_by_their_arns() -> None:
    assert topic_arn("alarms", *HERE) == "arn:${AWS::Partition}:sns:eu-west-1:111122223333:alarms"
    assert queue_arn("orders-*", *HERE) == "arn:${AWS::Partition}:sqs:eu-west-1:111122223333:orders-*"


def test_without_a_name_all_of_the_account_in_one_region_are_meant() -> None:
    assert topic_arn(None) == "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:*"
    assert queue_arn(None) == "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:*"


def test_a_publisher_is_bound_to_the_topic_and_to_its_source() -> None:
    allowance = publish_to_topic(
        "Notifies",
        "cloudwatch.amazonaws.com",
        topic_name="alarms",
        region="eu-west-1",
        account="111122223333",
        source=from_account("111122223333"),
    )

    assert allowance.conditions == {
        "StringEquals": {
            "aws:SourceAccount": ("111122223333",),
            "kms:EncryptionContext:aws:sns:topicArn": ("arn:${AWS::Partition}:sns:eu-west-1:111122223333:alarms",),
        }
    }


def test_statements_for_two_sources_have_two_sids() -> None:
    sids = {send_to_queue("Sends", "sns.amazonaws.com", from_account(each * 12)).sid for each in "12"}

    assert len(sids) == 2


@pytest.mark.parametrize(("function", "argument"), [(topic_arn, "topic_name"), (queue_arn, "queue_name")])
@pytest.mark.parametrize("name", ["", "*", "a:b"])
def test_refuses_a_name_that_is_none(function: object, argument: str, name: str) -> None:
    assert callable(function)
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be the name of a "):
        function(name)
