"""With how many days left an alarm of the app rings about a certificate, by the metric that ACM writes.

https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html
"""

from constructs_lib.guardrails.served_certificates import ServedCertificates
from constructs_lib.guardrails.template_values import Located, as_list
from constructs_lib.guardrails.values_at import values_at

_ALARM = "AWS::CloudWatch::Alarm"
_METRIC, _DIMENSION = "DaysToExpiry", "CertificateArn"


def expiry_alarms(certificates: ServedCertificates) -> dict[Located, tuple[str, ...]]:
    """Return for each certificate the thresholds of its alarms, the one that rings first before the others.

    Args:
        certificates: Of the app.
    """
    references, found = certificates.references, dict[Located, set[str]]()
    for place, resource in references.templates.resources(_ALARM):
        properties = resource.get("Properties", {})
        measured = [properties, *values_at(properties, "Metrics.MetricStat.Metric")]
        for metric in measured:
            for dimension in as_list(metric.get("Dimensions")):
                if metric.get("MetricName") == _METRIC and dimension.get("Name") == _DIMENSION:
                    for certificate in certificates.meant_by(place.template, dimension.get("Value")):
                        threshold = references.text(place.template, properties.get("Threshold", ""))
                        found.setdefault(certificate, set()).add(threshold)
    return {place: tuple(sorted(days, key=_by_days)) for place, days in found.items()}


def _by_days(threshold: str) -> tuple[float, str]:
    try:
        return -float(threshold), ""
    except ValueError:  # only the deployment knows it
        return 0.0, threshold
