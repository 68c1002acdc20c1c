"""What every watch tells of itself and of the trail that it sees by: whoever silences it first is heard."""

from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.watching.itself_events import means_pattern, rule_pattern, silenced_message, topic_pattern
from constructs_lib.watching.recording import is_at_home
from constructs_lib.watching.undelivered import rules_of
from constructs_lib.watching.watch_events import trail_message, trail_pattern

if TYPE_CHECKING:
    from aws_cdk import aws_logs as logs
    from constructs import Construct

    from constructs_lib.watching.outlet import Outlet
    from constructs_lib.wiring.recorded_trail import RecordedTrail


def tell_of_trail(scope: "Construct", outlet: "Outlet", trail: "RecordedTrail") -> None:
    """Define the rule for a trail that is stopped or changed, or whose bucket is, where these calls are events.

    Args:
        scope: The watch.
        outlet: Whom it tells.
        trail: What it sees by.
    """
    if is_at_home(scope, trail):
        outlet.add_rule(
            "Trail",
            description="The trail that the watch sees by",
            pattern=trail_pattern(name=trail.trail_name, arn=trail.trail_arn, bucket=trail.bucket.bucket_name),
            message=trail_message(trail.trail_name),
        )


def tell_of_silence(
    scope: "Construct", outlet: "Outlet", log_group: "logs.ILogGroup | None", *, news: str = "keys"
) -> None:
    """Define the rules for the rules, the alarms, the queue and the topic of a watch.

    Args:
        scope: The watch.
        outlet: Whom it tells.
        log_group: Where its alarms count or its function writes; None if nothing does.
        news: What it tells of. Default: keys.
    """
    prefix = rules_of(cdk.Stack.of(scope)).removesuffix("*")
    outlet.add_rule(
        "Rules",
        description="The rules of the watch",
        pattern=rule_pattern(prefix),
        message=silenced_message("its rules", news),
    )
    outlet.add_rule(
        "Means",
        description="The alarms of the watch, what they count, and the queue",
        pattern=means_pattern(
            prefix=prefix,
            queue_url=outlet.queue.queue_url,
            log_group_name=None if log_group is None else log_group.log_group_name,
        ),
        message=silenced_message("its alarms, what they count, or its queue", news),
    )
    if outlet.topic is not None:
        outlet.add_rule(
            "TopicItself",
            description="The topic of the watch",
            pattern=topic_pattern(outlet.topic.topic_arn),
            message=silenced_message("its topic", news),
        )
