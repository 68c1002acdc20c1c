"""What silences the watch itself: calls on its rules, its topic, and what its alarms count and tell.

Two rules and the copy of the trail see each other's end: whoever disables one of them first is told by the others.
"""

from collections.abc import Mapping
from typing import Any

from constructs_lib.watching.messages import Message
from constructs_lib.watching.recorded_calls import call_message
from constructs_lib.wiring.call_pattern import API_CALL, NOT_REFUSED

RULE_CALLS = ("DisableRule", "DeleteRule", "RemoveTargets")
RULE_PUTS = ("PutRule", "PutTargets")
TOPIC_CALLS = (
    "SetTopicAttributes",
    "AddPermission",
    "RemovePermission",
    "DeleteTopic",
    "Subscribe",
    "Unsubscribe",
    "SetSubscriptionAttributes",
    "PutDataProtectionPolicy",
)
"""What silences a topic, or a subscription by a filter that nothing passes, or has somebody else listen."""

MEANS_CALLS = (
    "DeleteAlarms",
    "DisableAlarmActions",
    "SetAlarmState",
    "DeleteLogGroup",
    "DeleteLogStream",
    "DeleteMetricFilter",
    "DisassociateKmsKey",
    "AddPermission",
    "DeleteQueue",
    "PurgeQueue",
    "RemovePermission",
)
MEANS_PUTS = ("PutMetricAlarm", "AssociateKmsKey", "PutMetricFilter", "PutRetentionPolicy", "SetQueueAttributes")
"""What changes alarms, the log group that they count in, and the queue of what was undelivered.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/logging_cw_api_calls.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/logging_cw_api_calls_cwl.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-logging-using-cloudtrail.html
"""

# What CloudFormation puts is left out, or each deployment of the watch would be news; what it deletes is not.
BY_DEPLOYMENT = "cloudformation.amazonaws.com"
_BY_HAND = {"sourceIPAddress": [{"anything-but": [BY_DEPLOYMENT]}]}


def rule_pattern(prefix: str) -> dict[str, Any]:
    """Return the pattern of calls that silence rules. What CloudFormation puts is left out, but not a disabled rule.

    Args:
        prefix: How the names of the rules begin.
    """
    named = [{"prefix": prefix}]
    return _pattern(
        ("events",),
        {
            "$or": [
                {"eventName": ["DisableRule", "DeleteRule"], "requestParameters": {"name": named}},
                {"eventName": ["RemoveTargets"], "requestParameters": {"rule": named}},
                {"eventName": ["PutRule"], "requestParameters": {"name": named}, **_BY_HAND},
                {"eventName": ["PutRule"], "requestParameters": {"name": named, "state": ["DISABLED"]}},
                {"eventName": ["PutTargets"], "requestParameters": {"rule": named}, **_BY_HAND},
            ]
        },
    )


def topic_pattern(arn: str) -> dict[str, Any]:
    """Return the pattern of calls that silence a topic.

    Args:
        arn: The topic's ARN.
    """
    return _pattern(
        ("sns",),
        {
            "eventName": list(TOPIC_CALLS),
            "$or": [
                {"requestParameters": {"topicArn": [arn]}},
                {"requestParameters": {"resourceArn": [arn]}},
                {"requestParameters": {"subscriptionArn": [{"prefix": f"{arn}:"}]}},
            ],
        },
    )


def means_pattern(*, prefix: str, queue_url: str, log_group_name: str | None) -> dict[str, Any]:
    """Return the pattern of calls that silence alarms, what they count, or the queue of what was undelivered.

    Args:
        prefix: How the names of the alarms begin.
        queue_url: The URL of the queue.
        log_group_name: The name of the log group in which is counted; None if nothing is.
    """
    named: list[dict[str, Any]] = [
        {"alarmNames": [{"prefix": prefix}]},
        {"alarmName": [{"prefix": prefix}]},
        {"queueUrl": [queue_url]},
    ]
    if log_group_name is not None:
        named.append({"logGroupName": [log_group_name]})
        by_arn = [{"suffix": f":log-group:{log_group_name}{end}"} for end in ("", ":*")]
        named.append({"resourceIdentifier": by_arn})
    return _pattern(
        ("monitoring", "sqs", "logs"),
        {
            "$or": [{"eventName": list(MEANS_CALLS)}, {"eventName": list(MEANS_PUTS), **_BY_HAND}],
            "requestParameters": {"$or": named},
        },
    )


def silenced_message(what: str, news: str = "keys") -> Message:
    """Return what is said of them.

    Args:
        what: What may be silent now.
        news: What the watch tells of. Default: keys.
    """
    return call_message(
        f"The watch itself was changed, {what}: <event>",
        section="the-watch-itself-changed",
        facts=(
            "What: <rule><name><topic><resource><subscription><alarm><queue><group>",
            f"What it means: news of {news} may not arrive any more, or somebody else hears them",
        ),
        paths={
            "rule": "$.detail.requestParameters.rule",
            "name": "$.detail.requestParameters.name",
            "topic": "$.detail.requestParameters.topicArn",
            "resource": "$.detail.requestParameters.resourceArn",
            "subscription": "$.detail.requestParameters.subscriptionArn",
            "alarm": "$.detail.requestParameters.alarmName",
            "queue": "$.detail.requestParameters.queueUrl",
            "group": "$.detail.requestParameters.logGroupName",
        },
        remedy=(
            "aws cloudformation detect-stack-drift on the stack of the watch, then deploy it again",
            "Look at what else the same caller did: see Record",
        ),
    )


def _pattern(services: tuple[str, ...], detail: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "source": [f"aws.{service}" for service in services],
        "detail-type": [API_CALL],
        "detail": {"eventSource": [f"{service}.amazonaws.com" for service in services], **NOT_REFUSED, **detail},
    }
