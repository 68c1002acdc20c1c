"""CertificateState: what ACM says of a certificate that somebody has to know, as metrics.

https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

NAMESPACE: Final = "CdkKeyManagement/Certificates"
DIMENSION: Final = "CertificateArn"

HOURS_PENDING: Final = "HoursPendingValidation"
"""Since when it was requested and is not issued; 0 from then on."""

RENEWAL_BLOCKED: Final = "RenewalBlocked"
"""1 while ACM cannot renew it."""

PERCENT_LEFT: Final = "PercentOfLifeLeft"
"""How much is left of the time between its dates: the same threshold fits every lifetime."""

NOT_IN_USE: Final = "NotInUse"
"""1 while nothing uses it: then ACM does not renew it."""

METRICS: Final[Mapping[str, str]] = {
    HOURS_PENDING: "None",
    RENEWAL_BLOCKED: "Count",
    PERCENT_LEFT: "Percent",
    NOT_IN_USE: "Count",
}
"""Units by name."""

_NEVER_ISSUED: Final = frozenset({"PENDING_VALIDATION", "VALIDATION_TIMED_OUT", "FAILED"})
_BLOCKED: Final = frozenset({"PENDING_VALIDATION", "FAILED"})
_SECONDS_AN_HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class CertificateState:
    """What is known of a certificate at one moment.

    Attributes:
        hours_pending: Since it was requested, while it is not issued; 0 otherwise.
        renewal_is_blocked: Whether ACM waits for somebody to be able to renew it, or has failed to.
        percent_left: Of its life; None if it has no dates yet.
        is_not_in_use: Whether ACM issued it and would not renew it, since nothing uses it.
    """

    hours_pending: float
    renewal_is_blocked: bool
    percent_left: float | None
    is_not_in_use: bool

    @classmethod
    def of(cls, described: Mapping[str, Any], *, now: datetime) -> Self:
        """Read an answer of `DescribeCertificate`.

        Args:
            described: What it says of the certificate.
            now: The time.
        """
        is_waiting = described.get("Status") in _NEVER_ISSUED
        is_issued_by_acm = described.get("Type") == "AMAZON_ISSUED" and described.get("Status") == "ISSUED"
        return cls(
            hours_pending=_hours_since(described["CreatedAt"], now) if is_waiting else 0.0,
            renewal_is_blocked=described.get("RenewalSummary", {}).get("RenewalStatus") in _BLOCKED,
            percent_left=_percent_left(described, now),
            is_not_in_use=is_issued_by_acm and not described.get("InUseBy"),
        )

    def line(self, certificate_arn: str, *, now: datetime) -> str:
        """Return this as one line in the embedded metric format.

        Args:
            certificate_arn: The ARN of the certificate, as the alarm has it.
            now: The time.
        """
        values: dict[str, float] = {
            HOURS_PENDING: round(self.hours_pending, 3),
            RENEWAL_BLOCKED: int(self.renewal_is_blocked),
            NOT_IN_USE: int(self.is_not_in_use),
        }
        if self.percent_left is not None:
            values[PERCENT_LEFT] = round(self.percent_left, 3)
        directive = {
            "Namespace": NAMESPACE,
            "Dimensions": [[DIMENSION]],
            "Metrics": [{"Name": name, "Unit": unit} for name, unit in METRICS.items() if name in values],
        }
        meta = {"Timestamp": int(now.timestamp() * 1000), "CloudWatchMetrics": [directive]}
        return json.dumps({"_aws": meta, DIMENSION: certificate_arn, **values})


def _hours_since(then: datetime, now: datetime) -> float:
    return max(0.0, (now - then).total_seconds() / _SECONDS_AN_HOUR)


def _percent_left(described: Mapping[str, Any], now: datetime) -> float | None:
    first: datetime | None = described.get("NotBefore")
    last: datetime | None = described.get("NotAfter")
    if first is None or last is None or last <= first:
        return None
    return min(100.0, max(0.0, 100 * (last - now) / (last - first)))
