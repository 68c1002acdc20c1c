"""Which functions and queues a dashboard takes, and by which name it shows them."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs

from constructs_lib import ConfigurationError
from constructs_lib.dashboards.shown_functions import shown_functions, shown_queues

HERE, ELSEWHERE = "arn:aws:sqs:eu-west-1:111122223333:q", "arn:aws:sqs:us-east-1:111122223333:q"


@pytest.fixture(scope="module")
def stack() -> cdk.Stack:
    env = cdk.Environment(account="111122223333", region="eu-west-1")
    return cdk.Stack(cdk.App(analytics_reporting=False), "S", env=env)


def test_they_are_shown_by_their_path(stack: cdk.Stack) -> None:
    function = lambda_.Function.from_function_name(stack, "F", "encrypt")
    queue = sqs.Queue.from_queue_arn(stack, "Q", HERE)

    assert shown_functions(stack, [function]) == {"S/F": function.function_name}
    assert shown_queues(stack, "queues", [queue]) == {"S/Q": "q"}
    assert shown_functions(stack, ()) == {}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "queues must be a sequence, got None"),
        ([None] * 51, "queues must be at most 50 for one dashboard, got 51"),
        ([1], "queues[0] must be a queue, such as arrival.dead_letter_queue, got 1"),
    ],
)
def test_refuses_what_are_no_queues(stack: cdk.Stack, given: Any, said: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        shown_queues(stack, "queues", given)

    assert str(refusal.value) == said


def test_refuses_a_queue_twice_and_one_of_another_region(stack: cdk.Stack) -> None:
    queue = sqs.Queue.from_queue_arn(stack, "Twice", HERE)

    with pytest.raises(ConfigurationError, match=r"^queues\[1\] must be another one than those before it, got S/Twice"):
        shown_queues(stack, "queues", [queue, queue])
    with pytest.raises(ConfigurationError, match=r"^queues\[0\] must be in eu-west-1, the Region of the dashboard"):
        shown_queues(stack, "queues", [sqs.Queue.from_queue_arn(stack, "Elsewhere", ELSEWHERE)])


def test_refuses_a_queue_for_a_function(stack: cdk.Stack) -> None:
    queue: Any = sqs.Queue.from_queue_arn(stack, "NoFunction", HERE)

    with pytest.raises(ConfigurationError) as refusal:
        shown_functions(stack, [queue])

    assert str(refusal.value) == ("functions[0] must be a function, such as arrival.function, got a Queue S/NoFunction")
