"""What the watch of certificates and the functions that look and import must agree on: neither imports the other."""

import importlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from certificate_care import import_metrics
from certificate_care.look import Look
from constructs_lib.certificate_watch import CertificateWatch
from constructs_lib.watching.notify import ToTopic
from constructs_lib.wiring.certificate_facts import Renewal
from tests.support.function_roles import statements_by_handler
from tests.support.synthesised import Json, resources, template_of, written
from tests.support.telling_certificate import TellingCertificate
from tests.support.told_certificates import CERTIFICATE_ARN
from tests.support.watch_scene import stack_of

NOT_BUNDLED: dict[str, Any] = {"aws:cdk:bundling-stacks": []}
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ISSUED: Mapping[str, Any] = {
    "CertificateArn": CERTIFICATE_ARN,
    "Type": "AMAZON_ISSUED",
    "Status": "ISSUED",
    "CreatedAt": NOW - timedelta(days=100),
    "NotBefore": NOW - timedelta(days=100),
    "NotAfter": NOW + timedelta(days=98),
    "InUseBy": ["arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/orders/1"],
}
REQUESTED: Mapping[str, Any] = {
    "CertificateArn": CERTIFICATE_ARN,
    "Type": "AMAZON_ISSUED",
    "Status": "PENDING_VALIDATION",
    "InUseBy": [],
}


@pytest.fixture(scope="module")
def template() -> Json:
    stack = stack_of(**NOT_BUNDLED)
    CertificateWatch(
        stack,
        "Watch",
        certificates=[TellingCertificate(stack, "Own", "a.example.com")],
        notify=ToTopic(topic=sns.Topic(stack, "News", master_key=kms.Key(stack, "NewsKey"))),
        operations_key=kms.Key(stack, "Operations"),
    )
    found = template_of(stack)
    (own,) = resources(found, "AWS::CertificateManager::Certificate")
    return dict(json.loads(json.dumps(found).replace(json.dumps({"Ref": own}), json.dumps(CERTIFICATE_ARN))))


class Client:
    """ACM, to whoever asks what is public; it keeps what it was asked."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.calls: list[tuple[str, str]] = []
        self._answer = answer

    def __getattr__(self, name: str) -> Any:
        def called(*, CertificateArn: str) -> Mapping[str, Any]:  # noqa: N803  # as AWS calls it
            self.calls.append((name, CertificateArn))
            return {"Certificate": self._answer}

        return called


def looked(template: Json, described: Mapping[str, Any]) -> tuple[Json, Client]:
    """Run the handler of the template with what its schedule says, and return the line that it writes."""
    (schedule,) = (
        each["Properties"]
        for each in resources(template, "AWS::Events::Rule").values()
        if "ScheduleExpression" in each["Properties"]
    )
    (function,) = resources(template, "AWS::Lambda::Function").values()
    module, _, handler = function["Properties"]["Handler"].rpartition(".")
    client, lines = Client(described), list[str]()
    run = getattr(importlib.import_module(module), handler)
    run(json.loads(written(schedule["Targets"][0]["Input"])), None, look=Look(client, lines.append, lambda: NOW))
    (line,) = lines
    return json.loads(line), client


def alarms(template: Json) -> dict[str, Json]:
    """Return the alarms on what functions of this library write, by their metric."""
    found = [each["Properties"] for each in resources(template, "AWS::CloudWatch::Alarm").values()]
    return {each["MetricName"]: each for each in found if not each["Namespace"].startswith("AWS/")}


def test_the_alarms_are_on_metrics_that_the_function_writes(template: Json) -> None:
    line, _ = looked(template, ISSUED)

    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert len(alarms(template)) == 3
    for name, alarm in alarms(template).items():
        assert alarm["Namespace"] == directive["Namespace"]
        assert name in {each["Name"] for each in directive["Metrics"]}
        assert alarm["Dimensions"] == [{"Name": each, "Value": line[each]} for each in directive["Dimensions"][0]]


@pytest.mark.parametrize(
    ("described", "ringing"),
    [
        (ISSUED, set()),
        ({**ISSUED, "InUseBy": []}, set()),
        ({**ISSUED, "NotAfter": NOW + timedelta(days=12)}, set()),
        ({**ISSUED, "NotAfter": NOW + timedelta(days=11)}, {"PercentOfLifeLeft"}),
        ({**ISSUED, "NotAfter": NOW - timedelta(days=1), "Status": "EXPIRED"}, {"PercentOfLifeLeft"}),
        ({**ISSUED, "RenewalSummary": {"RenewalStatus": "PENDING_AUTO_RENEWAL"}}, set()),
        ({**ISSUED, "RenewalSummary": {"RenewalStatus": "PENDING_VALIDATION"}}, {"RenewalBlocked"}),
        ({**ISSUED, "RenewalSummary": {"RenewalStatus": "FAILED"}}, {"RenewalBlocked"}),
        ({**REQUESTED, "CreatedAt": NOW - timedelta(hours=23)}, set()),
        ({**REQUESTED, "CreatedAt": NOW - timedelta(hours=24)}, {"HoursPendingValidation"}),
        ({**REQUESTED, "CreatedAt": NOW - timedelta(days=9), "Status": "FAILED"}, {"HoursPendingValidation"}),
    ],
    ids=[
        "in order", "unused", "a tenth left and more", "less", "expired", "renewing", "record gone", "not renewed",
        "requested", "long ago", "given up",
    ],
)  # fmt: skip
def test_alarms_ring_for_what_the_function_sees(
    template: Json, described: Mapping[str, Any], ringing: set[str]
) -> None:
    line, _ = looked(template, described)

    breaches = {"GreaterThanOrEqualToThreshold": float.__ge__, "LessThanOrEqualToThreshold": float.__le__}
    assert ringing == {
        name
        for name, alarm in alarms(template).items()
        if name in line and breaches[alarm["ComparisonOperator"]](float(line[name]), float(alarm["Threshold"]))
    }


def test_the_function_calls_what_it_is_granted_and_nothing_else(template: Json) -> None:
    _, client = looked(template, ISSUED)

    ((statement,),) = statements_by_handler(template).values()
    assert client.calls == [("describe_certificate", CERTIFICATE_ARN)]
    assert (statement["Action"], statement["Resource"]) == ("acm:DescribeCertificate", CERTIFICATE_ARN)


def test_the_alarm_on_imports_is_on_what_an_import_writes() -> None:
    stack = stack_of(**NOT_BUNDLED)
    imported = TellingCertificate(stack, "Own", "a.example.com", renewal=Renewal.FROM_SECRET)
    watch = CertificateWatch(
        stack,
        "Watch",
        certificates=[imported],
        notify=ToTopic(topic=sns.Topic(stack, "News", master_key=kms.Key(stack, "NewsKey"))),
        operations_key=kms.Key(stack, "Operations"),
    )
    alarm: Any = watch.alarms[-1].node.default_child

    refused, fine = (
        json.loads(import_metrics.line_of(CERTIFICATE_ARN, frozenset(happened), now=NOW))
        for happened in ([import_metrics.REFUSED], [import_metrics.IMPORTED])
    )

    (directive,) = refused["_aws"]["CloudWatchMetrics"]
    assert (alarm.namespace, alarm.metric_name) == (directive["Namespace"], import_metrics.REFUSED)
    assert [[each.name for each in alarm.dimensions]] == directive["Dimensions"]
    assert refused[alarm.metric_name] >= alarm.threshold > fine[alarm.metric_name]
