"""Which alarms tell that a certificate expires."""

from typing import Any

from constructs_lib.guardrails.served_certificates import ServedCertificates
from constructs_lib.guardrails.template_values import Located
from constructs_lib.inventory.expiry_alarms import expiry_alarms
from tests.support.certificate_templates import certificate, from_stack, references_of, resource

REGIONS = {"Edge": "us-east-1", "Shop": "us-east-1"}
CERT = Located("Edge", "Cert")


def metric(name: str = "DaysToExpiry") -> dict[str, Any]:
    value = from_stack("Edge", "Cert", "us-east-1")
    return {"MetricName": name, "Dimensions": [{"Name": "CertificateArn", "Value": value}]}


def alarm(threshold: Any, **properties: Any) -> dict[str, Any]:
    return resource("AWS::CloudWatch::Alarm", Threshold=threshold, **properties)


def found(**alarms: dict[str, Any]) -> dict[Located, tuple[str, ...]]:
    references = references_of(REGIONS, Edge={"Cert": certificate(), "Other": certificate()}, Shop=alarms)
    return expiry_alarms(ServedCertificates(references))


def test_the_days_of_its_alarms_are_told_the_first_one_first() -> None:
    assert found(A=alarm(7, **metric()), B=alarm(30, **metric()), C=alarm(30, **metric())) == {CERT: ("30", "7")}


def test_an_alarm_of_a_metric_query_is_found() -> None:
    assert found(A=alarm(30, Metrics=[{"Id": "m", "MetricStat": {"Metric": metric()}}])) == {CERT: ("30",)}


def test_a_threshold_that_only_the_deployment_knows_comes_last() -> None:
    assert found(A=alarm({"Ref": "Days"}, **metric()), B=alarm(15, **metric())) == {CERT: ("15", "${Shop#Days}")}


def test_alarms_of_other_metrics_and_dimensions_are_passed_over() -> None:
    other = {"MetricName": "DaysToExpiry", "Dimensions": [{"Name": "Name", "Value": {"Ref": "Cert"}}]}

    assert found(A=alarm(1, **metric("RenewalBlocked")), B=alarm(1, **other), C=alarm(1)) == {}
