import json

from certificate_care.import_metrics import EXPIRES_EARLIER, IMPORTED, METRICS, NAMESPACE, REFUSED, line_of
from tests.support.imports_in_memory import CERTIFICATE_ARN
from tests.support.made_certificates import NOW


def test_writes_each_metric_as_one_line() -> None:
    line = line_of(CERTIFICATE_ARN, frozenset({REFUSED}), now=NOW)

    assert "\n" not in line
    assert json.loads(line) == {
        "_aws": {
            "Timestamp": int(NOW.timestamp()) * 1000,
            "CloudWatchMetrics": [
                {
                    "Namespace": "CdkKeyManagement/Certificates",
                    "Dimensions": [["CertificateArn"]],
                    "Metrics": [
                        {"Name": "ImportRefused", "Unit": "Count"},
                        {"Name": "Imported", "Unit": "Count"},
                        {"Name": "ExpiresEarlier", "Unit": "Count"},
                    ],
                }
            ],
        },
        "CertificateArn": CERTIFICATE_ARN,
        "ImportRefused": 1,
        "Imported": 0,
        "ExpiresEarlier": 0,
    }


def test_its_names_are_what_an_alarm_is_on() -> None:
    assert (NAMESPACE, tuple(METRICS)) == ("CdkKeyManagement/Certificates", (REFUSED, IMPORTED, EXPIRES_EARLIER))
