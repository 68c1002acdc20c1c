"""Changes of the watch in the copy of the trail: what no rule can silence."""

import json
from typing import Any

import pytest

from constructs_lib.watching.itself_counted import Itself, changes_of_watch
from constructs_lib.watching.itself_events import MEANS_CALLS, MEANS_PUTS, RULE_CALLS, RULE_PUTS, TOPIC_CALLS
from constructs_lib.watching.metric_filters import LONGEST_DESCRIPTION, LONGEST_PATTERN
from tests.support.filter_pattern import FilterPattern
from tests.support.told_events import call

TOPIC_ARN = "arn:aws:sns:us-east-1:111122223333:hello-topic"
ITSELF = Itself(
    prefix="cttest2",
    queue_url="https://sqs.us-east-1.amazonaws.com/111122223333/cttest2",
    log_group_name="trail/cttest2",
    topic_arn=TOPIC_ARN,
)
COUNTED = changes_of_watch(ITSELF)
BY_DEPLOYMENT = {"sourceIPAddress": "cloudformation.amazonaws.com"}
PUTS = (*RULE_PUTS, *MEANS_PUTS)
CALLS = sorted({*RULE_CALLS, *TOPIC_CALLS, *MEANS_CALLS, *PUTS})


def count(record: dict[str, Any]) -> int:
    return sum(FilterPattern(pattern).matches(record) for pattern in COUNTED.patterns)


@pytest.mark.parametrize("name", CALLS)
def test_each_call_is_counted_once_also_refused_and_found_by_what_a_person_looks_for(name: str) -> None:
    assert count(call(name)) == 1
    assert count({**call(name), "errorCode": "AccessDenied"}) == 1
    assert FilterPattern(COUNTED.look_for).matches(call(name))


@pytest.mark.parametrize("name", CALLS)
def test_near_misses_are_not_counted(name: str) -> None:
    text = json.dumps(call(name))
    others = json.loads(text.replace("cttest2", "other").replace("hello-topic", "hello-topic-2"))

    assert count(others) == 0
    assert count(call(name, eventName="DescribeAlarms")) == 0
    assert count(call(name, eventSource="kinesis.amazonaws.com")) == 0


@pytest.mark.parametrize("name", PUTS)
def test_what_a_deployment_puts_is_not_counted(name: str) -> None:
    assert count(call(name, **BY_DEPLOYMENT)) == 0


@pytest.mark.parametrize("name", ["DeleteRule", "DeleteAlarms", "DeleteTopic"])
def test_what_a_deployment_deletes_is_counted(name: str) -> None:
    assert count(call(name, **BY_DEPLOYMENT)) == 1


def test_a_deployment_that_disables_a_rule_is_counted() -> None:
    assert count(call("PutRule", requestParameters={"name": "cttest2", "state": "DISABLED"}, **BY_DEPLOYMENT)) == 1


def test_permissions_of_the_queue_are_counted() -> None:
    assert count(call("PurgeQueue", eventName="RemovePermission")) == 1


def test_a_bus_has_no_topic() -> None:
    to_bus = changes_of_watch(
        Itself(prefix="cttest2", queue_url=ITSELF.queue_url, log_group_name=ITSELF.log_group_name, topic_arn=None)
    )

    assert not any("sns" in pattern for pattern in to_bus.patterns)


def test_the_longest_names_fit() -> None:
    longest = Itself(
        prefix="s" * 25,
        queue_url=f"https://sqs.us-gov-west-1.amazonaws.com/111122223333/{'q' * 80}",
        log_group_name="g" * 512,
        topic_arn=f"arn:aws-us-gov:sns:us-gov-west-1:111122223333:{'t' * 256}",
    )

    assert [len(each) for each in changes_of_watch(longest).patterns if len(each) > LONGEST_PATTERN] == []
    assert len(changes_of_watch(longest).description("g" * 512)) <= LONGEST_DESCRIPTION
