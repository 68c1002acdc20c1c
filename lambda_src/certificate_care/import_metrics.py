"""What becomes of an import, as metrics of the certificate.

What is printed becomes metrics by the embedded metric format.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

NAMESPACE: Final = "CdkKeyManagement/Certificates"
DIMENSION: Final = "CertificateArn"
REFUSED: Final = "ImportRefused"
"""1 if what the secret holds is not fit to be imported, else 0: an alarm is on it."""

IMPORTED: Final = "Imported"
"""1 if another certificate is in ACM now, 0 if the same one was there already or none was fit."""

EXPIRES_EARLIER: Final = "ExpiresEarlier"
"""1 if the certificate that was imported expires before the one that it replaced."""

METRICS: Final[Mapping[str, str]] = {REFUSED: "Count", IMPORTED: "Count", EXPIRES_EARLIER: "Count"}
"""Units by name."""


def line_of(certificate_arn: str, happened: frozenset[str], *, now: datetime) -> str:
    """Return the metrics of one invocation as one line in the embedded metric format.

    Args:
        certificate_arn: Of the certificate in ACM.
        happened: The names of the metrics that are 1; the others are 0.
        now: The time.
    """
    directive = {
        "Namespace": NAMESPACE,
        "Dimensions": [[DIMENSION]],
        "Metrics": [{"Name": name, "Unit": unit} for name, unit in METRICS.items()],
    }
    meta = {"Timestamp": int(now.timestamp() * 1000), "CloudWatchMetrics": [directive]}
    return json.dumps({"_aws": meta, DIMENSION: certificate_arn, **{name: int(name in happened) for name in METRICS}})
