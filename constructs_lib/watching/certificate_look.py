"""The look at certificates: what ACM has no metric of, and no event that surely comes.

ACM publishes the days that are left alone. How long a certificate waits to be validated, whether its renewal is
blocked and how much of its life is left, whatever that is, a small function asks for four times a day.
https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html
"""

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

from constructs_lib.certificate_actions import DESCRIBE_CERTIFICATE
from constructs_lib.watching import scheduled_look
from constructs_lib.watching.certificate_alarms import warm_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from constructs_lib.functions.function_settings import ReadFunctionSettings
    from constructs_lib.watching.outlet import Outlet
    from constructs_lib.watching.seen_certificates import SeenCertificate

LOOKED_EVERY = "rate(6 hours)"
# Twice as long, so that each window of the alarm has a look in it, whenever CloudWatch lets it begin.
_SEEN_FOR = cdk.Duration.hours(12)
_LONGEST_MADE_ARN = 110
_LOOK = scheduled_look.Look(
    construct_id="Looking",
    package="certificate_care",
    handler="look.handle",
    description="Looks whether certificates are issued, renewed and in use",
    actions=DESCRIBE_CERTIFICATE,
    told_as="certificate_arns",
    every=LOOKED_EVERY,
    schedule_description="When the watch looks whether certificates are issued, renewed and in use",
    without_queue=(
        "The function is told which certificates to look at by its schedule, four times a day, and is not retried: an "
        "alarm rings if it fails or does not run. A queue would keep nothing of worth."
    ),
    network=(
        "The function reaches no private resource: it asks ACM for what is public of exact certificates, over TLS with "
        "signed requests, and nothing can connect to it."
    ),
)


def check_room(certificates: "Sequence[SeenCertificate]") -> None:
    """Refuse more certificates than the schedule of one function can name.

    Args:
        certificates: The certificates.

    Raises:
        ConfigurationError: If their ARNs are too long together.
    """
    arns = [each.name.arn for each in certificates]
    scheduled_look.check_room("certificates", arns, longest_made=_LONGEST_MADE_ARN)


def look_at_certificates(
    scope: "Construct",
    certificates: "Sequence[SeenCertificate]",
    *,
    outlet: "Outlet",
    operations_key: "kms.IKey",
    settings: "ReadFunctionSettings",
) -> cloudwatch.Alarm:
    """Define the function, its schedule, and the alarm that rings if nobody could look.

    Args:
        scope: The construct that owns them.
        certificates: At which.
        outlet: Where the watch tells.
        operations_key: The key of the function's log.
        settings: How it runs.

    Returns:
        The alarm. Lambda counts errors of each run, none as 0: missing data mean that there was no run.
    """
    looking = scheduled_look.schedule_look(
        scope,
        _LOOK,
        [each.name.arn for each in certificates],
        undelivered=outlet.queue,
        operations_key=operations_key,
        settings=settings,
    )
    alarm = cloudwatch.Alarm(
        scope,
        "NotLookedAlarm",
        alarm_description=(
            "Nobody could look at some certificates, so that nobody hears of one that is not issued or not renewed: "
            f"one is gone, or the function failed or did not run. The log of {looking.function.function_name} names "
            f"it: {outlet.runbook.section('the-watch-itself-changed')}"
        ),
        metric=looking.function.metric_errors(period=_SEEN_FOR),
        threshold=1,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluation_periods=1,
        treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
    )
    warm_up(alarm, _SEEN_FOR)
    return alarm
