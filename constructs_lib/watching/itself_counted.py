"""The calls that silence a watch, as they are counted in the copy of the trail, which no rule can silence."""

from collections.abc import Iterable
from dataclasses import dataclass

from constructs_lib.watching.itself_events import (
    BY_DEPLOYMENT,
    MEANS_CALLS,
    MEANS_PUTS,
    RULE_CALLS,
    RULE_PUTS,
    TOPIC_CALLS,
)
from constructs_lib.watching.metric_filters import CountedEvents

_OR = " || "
_ALARM_CALLS = tuple(each for each in (*MEANS_CALLS, *MEANS_PUTS) if "Alarm" in each)
_QUEUE_CALLS = ("AddPermission", "DeleteQueue", "PurgeQueue", "RemovePermission", "SetQueueAttributes")
_LOG_CALLS = tuple(each for each in (*MEANS_CALLS, *MEANS_PUTS) if each not in {*_ALARM_CALLS, *_QUEUE_CALLS})
_BY_OTHER_NAMES = ("PutDataProtectionPolicy", "SetSubscriptionAttributes", "Unsubscribe")
_BY_TOPIC = tuple(each for each in TOPIC_CALLS if each not in _BY_OTHER_NAMES)
_PAGE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/logging_cw_api_calls.html"

_SOURCES = _OR.join(f'$.eventSource = "{each}.*"' for each in ("events", "sns", "sqs", "logs", "monitoring"))
_LOOK_FOR = f'{{ ({_SOURCES}) && $.eventName != "Get*" && $.eventName != "List*" }}'


@dataclass(frozen=True, kw_only=True)
class Itself:
    """What a watch consists of. All but the prefix may be tokens.

    Attributes:
        prefix: How the names of its rules and alarms begin.
        queue_url: The URL of its queue of what was undelivered.
        log_group_name: The name of the log group in which it counts.
        topic_arn: The ARN of its topic; None for a bus.
    """

    prefix: str
    queue_url: str
    log_group_name: str
    topic_arn: str | None


def changes_of_watch(itself: Itself) -> CountedEvents:
    """Return the changes of a watch, also those that were refused.

    Args:
        itself: What it consists of.
    """
    begins = f"{itself.prefix}*"
    patterns = [
        _pattern("events", (*RULE_CALLS, *RULE_PUTS), {"name": begins, "rule": begins}, or_state="DISABLED"),
        _pattern("monitoring", _ALARM_CALLS, {"alarmName": begins, "alarmNames[*]": begins}),
        _pattern("sqs", _QUEUE_CALLS, {"queueUrl": itself.queue_url}),
        _pattern("logs", _LOG_CALLS, {"logGroupName": itself.log_group_name}),
    ]
    arn = itself.topic_arn
    if arn is not None:
        # Two patterns, since the longest name of a topic has 256 characters.
        patterns += [
            _pattern("sns", _BY_TOPIC, {"topicArn": arn}),
            _pattern("sns", _BY_OTHER_NAMES, {"resourceArn": arn, "subscriptionArn": f"{arn}:*"}),
        ]
    return CountedEvents(
        name="ChangesOfTheWatch",
        patterns=tuple(patterns),
        what=(
            "Somebody changed, or tried to change, a rule, an alarm, the topic or the queue of the watch, or what it "
            "counts: news may not arrive."
        ),
        look_for=_LOOK_FOR,
        section="the-watch-itself-changed",
        source=_PAGE,
    )


def _pattern(service: str, calls: tuple[str, ...], named: dict[str, str], *, or_state: str = "") -> str:
    deleting = [call for call in calls if call not in {*RULE_PUTS, *MEANS_PUTS}]
    putting = [call for call in calls if call not in deleting]
    done = _any_of(f'($.eventName = "{call}")' for call in deleting)
    if putting:
        by_hand = f'$.sourceIPAddress != "{BY_DEPLOYMENT}"'
        how = f'(({by_hand}) || ($.requestParameters.state = "{or_state}"))' if or_state else f"({by_hand})"
        puts = _any_of(f'($.eventName = "{call}")' for call in putting)
        done = f"{done}{_OR}(({puts}) && {how})"
    whose = _any_of(f'($.requestParameters.{field} = "{value}")' for field, value in named.items())
    return f'{{ ($.eventSource = "{service}.amazonaws.com") && ({done}) && ({whose}) }}'


def _any_of(clauses: Iterable[str]) -> str:
    return _OR.join(clauses)
