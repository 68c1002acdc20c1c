import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from certificate_care.certificate_state import METRICS, CertificateState
from certificate_care.import_metrics import DIMENSION, NAMESPACE

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ARN = "arn:aws:acm:eu-central-1:111122223333:certificate/1"
ISSUED: dict[str, Any] = {
    "Status": "ISSUED",
    "Type": "AMAZON_ISSUED",
    "CreatedAt": NOW - timedelta(days=99),
    "NotBefore": NOW - timedelta(days=99),
    "NotAfter": NOW + timedelta(days=99),
    "InUseBy": ["arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/shop/1"],
    "RenewalEligibility": "ELIGIBLE",
}
WAITING: dict[str, Any] = {
    "Status": "PENDING_VALIDATION",
    "Type": "AMAZON_ISSUED",
    "CreatedAt": NOW - timedelta(hours=30),
}


def state(described: dict[str, Any], **changed: Any) -> CertificateState:
    return CertificateState.of({**described, **changed}, now=NOW)


def test_a_certificate_that_serves_has_no_problem() -> None:
    assert state(ISSUED) == CertificateState(
        hours_pending=0.0, renewal_is_blocked=False, percent_left=50.0, is_not_in_use=False
    )


@pytest.mark.parametrize("status", ["PENDING_VALIDATION", "VALIDATION_TIMED_OUT", "FAILED"])
def test_one_that_was_never_issued_is_pending_since_it_was_requested(status: str) -> None:
    assert state(WAITING, Status=status) == CertificateState(
        hours_pending=30.0, renewal_is_blocked=False, percent_left=None, is_not_in_use=False
    )


@pytest.mark.parametrize(
    ("status", "is_blocked"),
    [("PENDING_AUTO_RENEWAL", False), ("SUCCESS", False), ("PENDING_VALIDATION", True), ("FAILED", True)],
)
def test_a_renewal_is_blocked_while_acm_waits_for_somebody_or_has_failed(status: str, is_blocked: bool) -> None:  # noqa: FBT001
    assert state(ISSUED, RenewalSummary={"RenewalStatus": status}).renewal_is_blocked is is_blocked


@pytest.mark.parametrize(("days", "percent"), [(198, 100.0), (19.8, 10.0), (0, 0.0), (-5, 0.0), (230, 100.0)], ids=str)
def test_the_life_that_is_left_is_a_share_of_the_whole(days: float, percent: float) -> None:
    last = NOW + timedelta(days=days)

    found = state(ISSUED, NotBefore=last - timedelta(days=198), NotAfter=last).percent_left

    assert found == pytest.approx(percent)


def test_dates_that_make_no_life_say_nothing_of_it() -> None:
    assert state(ISSUED, NotAfter=ISSUED["NotBefore"]).percent_left is None


@pytest.mark.parametrize(
    ("changed", "is_not_in_use"),
    [
        ({}, False),
        ({"InUseBy": []}, True),
        ({"InUseBy": None}, True),
        ({"InUseBy": [], "Type": "IMPORTED"}, False),
        ({"InUseBy": [], "Status": "EXPIRED"}, False),
    ],
    ids=["in use", "not", "unknown", "imported", "expired"],
)
def test_one_of_acm_that_nothing_uses_is_not_renewed(changed: dict[str, Any], is_not_in_use: bool) -> None:  # noqa: FBT001
    assert state(ISSUED, **changed).is_not_in_use is is_not_in_use


def test_the_line_is_of_the_embedded_metric_format() -> None:
    assert json.loads(state(ISSUED, InUseBy=[]).line(ARN, now=NOW)) == {
        "_aws": {
            "Timestamp": 1795348800000,
            "CloudWatchMetrics": [
                {
                    "Namespace": "CdkKeyManagement/Certificates",
                    "Dimensions": [["CertificateArn"]],
                    "Metrics": [
                        {"Name": "HoursPendingValidation", "Unit": "None"},
                        {"Name": "RenewalBlocked", "Unit": "Count"},
                        {"Name": "PercentOfLifeLeft", "Unit": "Percent"},
                        {"Name": "NotInUse", "Unit": "Count"},
                    ],
                }
            ],
        },
        "CertificateArn": ARN,
        "HoursPendingValidation": 0.0,
        "RenewalBlocked": 0,
        "PercentOfLifeLeft": 50.0,
        "NotInUse": 1,
    }


def test_what_is_not_known_is_no_metric_at_all() -> None:
    line = json.loads(state(WAITING).line(ARN, now=NOW))

    (directive,) = line["_aws"]["CloudWatchMetrics"]
    named = [each["Name"] for each in directive["Metrics"]]
    assert named == [name for name in METRICS if name != "PercentOfLifeLeft"]
    assert "PercentOfLifeLeft" not in line


def test_the_metrics_stand_beside_those_of_the_import() -> None:
    line = json.loads(state(ISSUED).line(ARN, now=NOW))

    assert line[DIMENSION] == ARN
    assert line["_aws"]["CloudWatchMetrics"][0]["Namespace"] == NAMESPACE
