"""Metric filters on the copy of a trail, and alarms on what they count.

EventBridge tells of each call by itself and at once; what only means something in numbers, or by its error, is counted
here: refusals, and the use of keys that do not answer any more. Calls to IAM, which EventBridge sees in one Region
only, are in the copy of a trail of every Region.
"""

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs

from constructs_lib.watching.burst import Burst
from constructs_lib.watching.itself_counted import Itself, changes_of_watch
from constructs_lib.watching.metric_filters import (
    CountedEvents,
    changes_of_roles,
    refused_use,
    use_of_disabled_key,
    use_of_key_pending_deletion,
)
from constructs_lib.watching.short_address import short_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from constructs_lib.watching.outlet import Outlet

_NAMESPACE = "KeyManagement"


def count_refusals_and_misuse(
    scope: "Construct",
    *,
    log_group: logs.ILogGroup,
    outlet: "Outlet",
    roles: "Sequence[iam.IRole]" = (),
    policies: "Sequence[iam.IManagedPolicy]" = (),
    itself: Itself,
    burst: Burst | None = None,
) -> list[cloudwatch.Alarm]:
    """Define metric filters and alarms for refusals in a burst, and for use of keys that are disabled or to be deleted.

    Args:
        scope: The construct that owns them, in the account and Region of the log group.
        log_group: The copy of a trail. `log_group_of` checks it.
        outlet: Whom the alarms tell.
        roles: Roles whose trust and permissions are watched. Default: none.
        policies: Customer managed policies of theirs whose versions are watched as well. Default: none.
        itself: What the watch consists of, whose changes are counted.
        burst: How many refusals are an alarm. Default: ten in five minutes.
    """
    burst = Burst() if burst is None else burst
    kinds = [
        refused_use(threshold=burst.refusals, period_minutes=burst.minutes),
        use_of_key_pending_deletion(),
        use_of_disabled_key(),
        changes_of_watch(itself),
    ]
    if roles or policies:
        names, arns = [role.role_name for role in roles], [policy.managed_policy_arn for policy in policies]
        kinds.append(changes_of_roles(names, arns))
    return [count(scope, kind, log_group=log_group, outlet=outlet) for kind in kinds]


def count(scope: "Construct", kind: CountedEvents, *, log_group: logs.ILogGroup, outlet: "Outlet") -> cloudwatch.Alarm:
    """Define the metric filters of one kind of record, and the alarm on what they count.

    Nothing is sent when the alarm ends: that no further record came says nothing. It ends by itself a period after the
    last record, and while records keep coming it stays and sends nothing anew.

    Args:
        scope: The construct that owns them.
        kind: What is counted.
        log_group: Where.
        outlet: Whom the alarm tells.
    """
    metric = cloudwatch.Metric(
        namespace=f"{_NAMESPACE}/{cdk.Stack.of(scope).stack_name}",
        metric_name=f"{kind.name}-{short_address(scope)}",
        statistic="Sum",
        period=cdk.Duration.minutes(kind.period_minutes),
    )
    for number, pattern in enumerate(kind.patterns, 1):
        # Without a name of ours: a log group may have filters of several watches, and names are unique in it.
        logs.MetricFilter(
            scope,
            f"{kind.name}Filter{number if number > 1 else ''}",
            log_group=log_group,
            filter_pattern=logs.FilterPattern.literal(pattern),
            metric_namespace=metric.namespace,
            metric_name=metric.metric_name,
            metric_value="1",
            default_value=0,
        )
    alarm = cloudwatch.Alarm(
        scope,
        kind.name,
        alarm_name=f"{_place(scope)}-{kind.name}",
        alarm_description=kind.description(log_group.log_group_name, outlet.runbook),
        metric=metric,
        threshold=kind.threshold,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluation_periods=1,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
    outlet.on_alarm(alarm)
    return alarm


def _place(scope: "Construct") -> str:
    """Return the stack's name and where the construct is in it, for names of alarms."""
    stack = cdk.Stack.of(scope)
    ids = [each.node.id for each in scope.node.scopes[len(stack.node.scopes) :]]
    return "-".join([stack.stack_name, *ids])
