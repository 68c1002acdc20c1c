"""What is told of the watch itself, beside what holds of every rule around the keys: see test_watch_events.py."""

from typing import Any

import pytest

from constructs_lib.watching.itself_events import MEANS_PUTS, means_pattern, rule_pattern, topic_pattern
from tests.support.told_events import as_event, call, matches

TOPIC_ARN = "arn:aws:sns:us-east-1:111122223333:hello-topic"
GROUP = "trail/cttest2"
QUEUE = "https://sqs.us-east-1.amazonaws.com/111122223333/cttest2"
PATTERNS = {
    "rule": rule_pattern("cttest"),
    "topic": topic_pattern(TOPIC_ARN),
    "means": means_pattern(prefix="cttest2-", queue_url=QUEUE, log_group_name=GROUP),
}


def told(event: dict[str, Any]) -> set[str]:
    return {rule for rule, pattern in PATTERNS.items() if matches(pattern, event)}


def test_a_deployment_that_disables_a_rule_is_news() -> None:
    disabled = {"name": "cttest2", "state": "DISABLED"}
    other = {"name": "other", "state": "DISABLED"}
    by_deployment = {"sourceIPAddress": "cloudformation.amazonaws.com"}

    assert told(as_event(call("PutRule", requestParameters=disabled, **by_deployment))) == {"rule"}
    assert told(as_event(call("PutRule", requestParameters=other, **by_deployment))) == set()


@pytest.mark.parametrize("name", MEANS_PUTS)
def test_what_a_deployment_puts_to_alarms_and_what_they_count_is_no_news(name: str) -> None:
    assert told(as_event(call(name, sourceIPAddress="cloudformation.amazonaws.com"))) == set()


@pytest.mark.parametrize("name", ["DeleteAlarms", "DeleteLogGroup", "DeleteQueue", "DeleteMetricFilter"])
def test_what_a_deployment_deletes_of_alarms_and_what_they_count_is_news(name: str) -> None:
    assert told(as_event(call(name, sourceIPAddress="cloudformation.amazonaws.com"))) == {"means"}


@pytest.mark.parametrize("end", ["", ":*"])
def test_a_log_group_is_known_by_its_arn(end: str) -> None:
    arn = f"arn:aws:logs:us-east-1:111122223333:log-group:{GROUP}{end}"

    assert told(as_event(call("DisassociateKmsKey", requestParameters={"resourceIdentifier": arn}))) == {"means"}
    longer = arn.replace(GROUP, f"{GROUP}-2")
    assert told(as_event(call("DisassociateKmsKey", requestParameters={"resourceIdentifier": longer}))) == set()


def test_permissions_of_the_queue_are_news_of_it() -> None:
    event = call("PurgeQueue", eventName="AddPermission")

    assert told(as_event(event)) == {"means"}
    assert told(as_event({**event, "requestParameters": {"queueUrl": f"{QUEUE}-2"}})) == set()


def test_a_watch_that_counts_nothing_has_no_log_group() -> None:
    pattern = means_pattern(prefix="cttest2-", queue_url=QUEUE, log_group_name=None)

    assert not matches(pattern, as_event(call("DeleteLogGroup")))
    assert matches(pattern, as_event(call("PurgeQueue")))


@pytest.mark.parametrize("name", ["PutRule", "PutTargets"])
def test_what_cloudformation_puts_is_a_deployment_and_what_it_deletes_is_news(name: str) -> None:
    by_deployment = {"sourceIPAddress": "cloudformation.amazonaws.com"}

    assert told(as_event(call(name, **by_deployment))) == set()
    assert told(as_event(call("DeleteRule", **by_deployment))) == {"rule"}


def test_a_subscription_of_another_topic_is_not_this_ones() -> None:
    other = {"subscriptionArn": f"{TOPIC_ARN}-2:1234abcd-12ab-34cd-56ef-1234567890ab"}

    assert told(as_event(call("Unsubscribe", requestParameters=other))) == set()
