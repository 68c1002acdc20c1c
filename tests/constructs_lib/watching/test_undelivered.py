import aws_cdk as cdk
import pytest

from constructs_lib.watching.undelivered import Undelivered, rules_of
from tests.support.outlet_scene import services_of, synthesised
from tests.support.synthesised import only
from tests.support.told_events import ACCOUNT, REGION
from tests.support.watch_scene import stack_of


@pytest.mark.parametrize(
    ("stack_name", "pattern"),
    [("Orders", "Orders-*"), ("O" * 24, "O" * 24 + "-*"), ("O" * 25, "O" * 24 + "*"), ("O" * 128, "O" * 24 + "*")],
)
def test_the_rules_of_a_stack_begin_with_its_name_so_far_as_cloudformation_keeps_it(
    stack_name: str, pattern: str
) -> None:
    assert rules_of(cdk.Stack(cdk.App(), "Stack", stack_name=stack_name)) == pattern


def test_the_rules_of_a_nested_stack_begin_with_the_name_of_the_outermost() -> None:
    stack = stack_of()

    assert rules_of(cdk.NestedStack(cdk.NestedStack(stack, "Inner"), "Innermost")) == "Orders-*"


def test_what_was_not_taken_is_kept_for_fourteen_days_under_a_key_of_sqs_and_an_alarm_says_so() -> None:
    stack = stack_of()

    Undelivered(stack)

    template = synthesised(stack)
    queue = only(template, "AWS::SQS::Queue")["Properties"]
    assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert queue["SqsManagedSseEnabled"] is True
    assert "KmsMasterKeyId" not in queue
    taken = only(template, "AWS::SQS::QueuePolicy")["Properties"]["PolicyDocument"]["Statement"]
    assert services_of(taken, "sqs:SendMessage") == {
        "events.amazonaws.com": {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": f"arn:${{AWS::Partition}}:events:{REGION}:{ACCOUNT}:rule/Orders-*"},
        }
    }
    alarm = only(template, "AWS::CloudWatch::Alarm")["Properties"]
    assert (alarm["MetricName"], alarm["Threshold"], alarm["TreatMissingData"]) == (
        "ApproximateNumberOfMessagesVisible",
        1,
        "notBreaching",
    )
