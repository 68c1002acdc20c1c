"""Rotations that are overdue: a small function looks, and an alarm for each secret rings.

CloudWatch has no metric of rotations, and an alarm looks back seven days at most, so none can wait for a rotation of
every month: something must ask when the next one is due.
https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring-cloudwatch.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

from constructs_lib.secret_actions import DESCRIBE_SECRET
from constructs_lib.watching import scheduled_look

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from constructs_lib.functions.function_settings import ReadFunctionSettings
    from constructs_lib.watching.outlet import Outlet
    from constructs_lib.watching.runbook import Runbook
    from constructs_lib.watching.seen_secrets import SeenSecret

# As the function writes them.
NAMESPACE, DIMENSION, METRIC = "CdkKeyManagement/Secrets", "SecretArn", "RotationProblems"

LOOKED_EVERY = "rate(12 hours)"
# Twice as long, so that each window of the alarm has a look in it, whenever CloudWatch lets it begin.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
_SEEN_FOR = cdk.Duration.days(1)
_LONGEST_MADE_ARN = 350
_LOOK = scheduled_look.Look(
    construct_id="Overdue",
    package="secret_rotation",
    handler="overdue.check",
    description="Looks whether secrets are rotated in time",
    actions=DESCRIBE_SECRET,
    told_as="secret_arns",
    every=LOOKED_EVERY,
    schedule_description="When the watch looks whether secrets are rotated in time",
    without_queue=(
        "The function is told which secrets to look at by its schedule, twice a day, and is not retried: what it "
        "failed to see is missing in the metrics, which the alarms take as a problem. A queue would keep nothing of "
        "worth."
    ),
    network=(
        "The function reaches no private resource: it asks Secrets Manager for the metadata of exact secrets, over TLS "
        "with signed requests, and nothing can connect to it."
    ),
)


def check_room(secrets: "Sequence[SeenSecret]") -> None:
    """Refuse more secrets than the schedule of one function can name.

    Args:
        secrets: Those that must be rotated.

    Raises:
        ConfigurationError: If their ARNs are too long together.
    """
    scheduled_look.check_room("secrets", [each.name.arn for each in secrets], longest_made=_LONGEST_MADE_ARN)


class OverdueLook:
    """The function that looks, its schedule, and the alarms.

    Attributes:
        function: The function, with its role and its log group.
        alarms: One for each secret.
    """

    def __init__(
        self,
        scope: "Construct",
        secrets: "Sequence[SeenSecret]",
        *,
        outlet: "Outlet",
        operations_key: "kms.IKey",
        settings: "ReadFunctionSettings",
    ) -> None:
        """Define them.

        Args:
            scope: The construct that owns them.
            secrets: Those that must be rotated.
            outlet: Whom the alarms tell.
            operations_key: The key of the function's log.
            settings: How it runs.
        """
        self.function = scheduled_look.schedule_look(
            scope,
            _LOOK,
            [each.name.arn for each in secrets],
            undelivered=outlet.queue,
            operations_key=operations_key,
            settings=settings,
        )
        self.alarms = [_alarm(scope, each, outlet.runbook) for each in secrets]
        for alarm in self.alarms:
            outlet.on_alarm(alarm)


def _alarm(scope: "Construct", watched: "SeenSecret", runbook: "Runbook") -> cloudwatch.Alarm:
    """Return the alarm of a secret.

    Nothing written is a problem as well: the function does not run, or may not describe the secret, or there is none
    any more. Then nobody knows whether it is rotated, which is when somebody should look.
    """
    alarm = cloudwatch.Alarm(
        scope,
        f"OverdueAlarm{watched.label}",
        alarm_description=(
            f"The rotation of {watched.name.called} is overdue or off, or nobody could look: whoever knows the value "
            f"keeps it. Do now: aws secretsmanager describe-secret --secret-id {watched.name.arn}, and "
            f"{runbook.section('a-secret-was-not-rotated')}"
        ),
        metric=cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=METRIC,
            dimensions_map={DIMENSION: watched.name.arn},
            statistic="Maximum",
            period=_SEEN_FOR,
        ),
        threshold=0,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluation_periods=1,
        treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
    )
    # Until the first look there is nothing, which is no problem yet.
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-warm-up.html
    resource = cast("cloudwatch.CfnAlarm", alarm.node.default_child)
    # As an override, since not every supported release of the CDK knows the property.
    resource.add_property_override("WarmUpConfiguration.WarmUpPeriodDurationInMinutes", _SEEN_FOR.to_minutes())
    return alarm
