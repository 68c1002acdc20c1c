"""Alarms on imported material that is about to expire. KMS sends an event only when it has."""

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

from constructs_lib.watching.runbook import OF_THE_LIBRARY, Runbook

if TYPE_CHECKING:
    from constructs import Construct

    from constructs_lib.watching.seen_keys import SeenKey

_WARNED_BEFORE = cdk.Duration.days(30)
_SEEN_EVERY = cdk.Duration.hours(1)


def warn_of_expiry(scope: "Construct", watched: "SeenKey", runbook: Runbook = OF_THE_LIBRARY) -> cloudwatch.Alarm:
    """Define an alarm that rings from 30 days before the imported material of a key expires.

    KMS publishes the time that is left for keys whose material expires, and nothing for others, for which the alarm
    stays quiet.
    https://docs.aws.amazon.com/kms/latest/developerguide/monitoring-cloudwatch.html#key-material-expiration-metric

    Args:
        scope: The construct that owns the alarm.
        watched: A key.
        runbook: What the alarm leads to. Default: that of this library.
    """
    return cloudwatch.Alarm(
        scope,
        f"ExpiryAlarm{watched.label}",
        alarm_description=(
            f"The imported material of {watched.name.called} expires in less than {_WARNED_BEFORE.to_days()} days; "
            "then nothing that it encrypts can be read. Do now: import the same material again, with a later expiry: "
            f"{runbook.section('imported-material-expires-or-was-deleted')}"
        ),
        metric=cloudwatch.Metric(
            namespace="AWS/KMS",
            metric_name="SecondsUntilKeyMaterialExpiration",
            dimensions_map={"KeyId": watched.key.key_id},
            statistic="Minimum",
            period=_SEEN_EVERY,
        ),
        threshold=_WARNED_BEFORE.to_seconds(),
        comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluation_periods=1,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
