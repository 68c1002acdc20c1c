"""Alarms of a certificate: on the days that ACM counts, and on what the functions of this library see and write.

ACM counts the days twice a day, and stops when a certificate has expired; before it is issued it counts none. So
missing data leave the alarm as it is: ringing after the end, and quiet before the beginning.
https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

from constructs_lib.watching.certificate_events import EXPIRY
from constructs_lib.watching.certificate_life import LAST_PERCENT, days_left
from constructs_lib.watching.certificate_remedies import WHO_RENEWS
from constructs_lib.wiring.certificate_facts import Renewal

if TYPE_CHECKING:
    from constructs import Construct

    from constructs_lib.watching.runbook import Runbook
    from constructs_lib.watching.seen_certificates import SeenCertificate

# As the functions write them.
NAMESPACE, DIMENSION = "CdkKeyManagement/Certificates", "CertificateArn"
LIFE_LEFT, HOURS_PENDING, RENEWAL_BLOCKED = "PercentOfLifeLeft", "HoursPendingValidation", "RenewalBlocked"
IMPORT_REFUSED = "ImportRefused"

_OF_ACM = "AWS/CertificateManager"
_DAYS_TO_EXPIRY = "DaysToExpiry"
_DESCRIBE = "aws acm describe-certificate --certificate-arn"
# An import is tried twice a day: so there is one in each window of this length, whenever CloudWatch lets it begin.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
_A_DAY, _AN_HOUR = cdk.Duration.days(1), cdk.Duration.hours(1)
_FROM, _UP_TO = (
    cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    cloudwatch.ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
)
_AS_IT_IS, _RINGS = cloudwatch.TreatMissingData.IGNORE, cloudwatch.TreatMissingData.BREACHING


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """When alarms ring.

    Attributes:
        validity_days: How many days the certificates are valid.
        pending_hours: How many hours a validation may take.
    """

    validity_days: int
    pending_hours: int


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """What an alarm looks at."""

    namespace: str = NAMESPACE
    metric: str
    statistic: str = "Maximum"
    threshold: float
    operator: cloudwatch.ComparisonOperator = _FROM
    period: cdk.Duration = _AN_HOUR
    missing: cloudwatch.TreatMissingData = _AS_IT_IS


class CertificateAlarms:
    """The alarms of one certificate.

    Attributes:
        made: All of them.
    """

    made: list[cloudwatch.Alarm]

    def __init__(
        self, scope: "Construct", watched: "SeenCertificate", *, thresholds: Thresholds, runbook: "Runbook"
    ) -> None:
        """Define them.

        Args:
            scope: The construct that owns them.
            watched: The certificate.
            thresholds: When they ring.
            runbook: Where they lead.
        """
        self._scope, self._watched, self._runbook = scope, watched, runbook
        self.made = [
            *self._of_days(thresholds.validity_days),
            self._of_life(),
            *self._of_issuing(thresholds.pending_hours),
            *self._of_importing(),
        ]

    def _of_days(self, validity_days: int) -> Iterator[cloudwatch.Alarm]:
        name = self._watched.name
        for each in days_left(validity_days, name.renewal):
            yield self._alarm(
                f"Expires{each}DaysAlarm",
                _Seen(
                    namespace=_OF_ACM,
                    metric=_DAYS_TO_EXPIRY,
                    statistic="Minimum",
                    threshold=each,
                    operator=_UP_TO,
                    period=_A_DAY,
                ),
                said=f"expires in {each} days or fewer, or has expired. Who renews it: {WHO_RENEWS[name.renewal]}",
                section=EXPIRY,
            )

    def _of_life(self) -> cloudwatch.Alarm:
        return self._alarm(
            "LastOfLifeAlarm",
            _Seen(metric=LIFE_LEFT, statistic="Minimum", threshold=LAST_PERCENT, operator=_UP_TO),
            said=(
                f"has {LAST_PERCENT} % of its life left or less, however long that is, and nothing has replaced it: "
                "clients will refuse what serves it"
            ),
            section=EXPIRY,
        )

    def _of_issuing(self, pending_hours: int) -> Iterator[cloudwatch.Alarm]:
        if self._watched.name.renewal is Renewal.FROM_SECRET:
            return
        yield self._alarm(
            "NotIssuedAlarm",
            _Seen(metric=HOURS_PENDING, threshold=pending_hours),
            said=(
                f"was requested {pending_hours} hours ago or earlier and is not issued: ACM gives up after 72, and "
                "then it must be requested again. A validation record is missing or wrong, or a CAA record shuts "
                "Amazon out"
            ),
            section="a-certificate-is-not-issued",
        )
        yield self._alarm(
            "RenewalBlockedAlarm",
            _Seen(metric=RENEWAL_BLOCKED, threshold=1),
            said="cannot be renewed by ACM until somebody acts: RenewalSummary says why",
            section="a-certificate-is-not-renewed",
        )

    def _of_importing(self) -> Iterator[cloudwatch.Alarm]:
        importer = self._watched.importer
        if importer is None:
            return
        # A name of another stack would tie both together, and how it looks tells people little.
        is_near = cdk.Stack.of(importer) is cdk.Stack.of(self._scope)
        alarm = self._alarm(
            "ImportRefusedAlarm",
            # Nothing written means that the function failed otherwise, or did not run.
            _Seen(metric=IMPORT_REFUSED, threshold=1, period=_A_DAY, missing=_RINGS),
            said=(
                "is not replaced by what its secret holds: that was refused, or the import failed or was not tried; "
                "the one before stays in service. The log of "
                f"{importer.function_name if is_near else 'the function that imports it'} says why"
            ),
            section="a-certificate-was-refused",
        )
        warm_up(alarm, _A_DAY)
        yield alarm

    def _alarm(self, name: str, seen: _Seen, *, said: str, section: str) -> cloudwatch.Alarm:
        arn = self._watched.name.arn
        return cloudwatch.Alarm(
            self._scope,
            f"{name}{self._watched.label}",
            alarm_description=(
                f"{self._watched.name.called} {said}. Do now: {_DESCRIBE} {arn}, and {self._runbook.section(section)}"
            ),
            metric=cloudwatch.Metric(
                namespace=seen.namespace,
                metric_name=seen.metric,
                dimensions_map={DIMENSION: arn},
                statistic=seen.statistic,
                period=seen.period,
            ),
            threshold=seen.threshold,
            comparison_operator=seen.operator,
            evaluation_periods=1,
            treat_missing_data=seen.missing,
        )


def warm_up(alarm: cloudwatch.Alarm, period: cdk.Duration) -> None:
    """Have an alarm on which missing data ring wait for the first.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-warm-up.html

    Args:
        alarm: The alarm.
        period: How long.
    """
    resource = cast("cloudwatch.CfnAlarm", alarm.node.default_child)
    # As an override, since not every supported release of the CDK knows the property.
    resource.add_property_override("WarmUpConfiguration.WarmUpPeriodDurationInMinutes", period.to_minutes())
