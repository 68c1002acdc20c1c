"""How much an alarm says at most; what it looks at is in test_certificate_watch.py."""

import json
from typing import Any

import aws_cdk as cdk
import pytest

from constructs_lib.watching.certificate_alarms import CertificateAlarms, Thresholds
from constructs_lib.watching.runbook import Runbook
from constructs_lib.watching.seen_certificates import read_certificates
from constructs_lib.wiring.certificate_facts import Renewal
from tests.support.synthesised import app_of, written
from tests.support.telling_certificate import IMPORTER, TellingCertificate
from tests.support.told_certificates import CERTIFICATE_ARN
from tests.support.watch_scene import stack_of

LONGEST = ".".join(["a" * 63] * 3 + ["b" * 57, "com"])


@pytest.mark.parametrize("renewal", Renewal)
def test_the_longest_description_has_room_for_the_longest_name(renewal: Renewal) -> None:
    stack = stack_of()
    (seen,) = read_certificates(stack, [TellingCertificate(stack, "Own", LONGEST, renewal=renewal)])

    alarms = CertificateAlarms(
        stack,
        seen,
        thresholds=Thresholds(validity_days=3_650, pending_hours=71),
        runbook=Runbook(f"https://{'r' * 192}"),
    )

    for alarm in alarms.made:
        resource: Any = alarm.node.default_child
        text = json.dumps(written(stack.resolve(resource.alarm_description)))
        assert LONGEST in text
        # For the ARN, and the name of a function.
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
        assert len(text) <= 1_024 - len(CERTIFICATE_ARN) - 64


def test_the_alarm_on_imports_ties_no_other_stack_to_the_function() -> None:
    near = stack_of()
    far = cdk.Stack(app_of(near), "Far", env=cdk.Environment(account=near.account, region=near.region))
    certificate = TellingCertificate(near, "Own", "a.example.com", renewal=Renewal.FROM_SECRET)

    said = {
        stack.stack_name: [
            str(alarm.node.default_child.alarm_description)  # type: ignore[union-attr]
            for alarm in CertificateAlarms(
                stack,
                read_certificates(stack, [certificate])[0],
                thresholds=Thresholds(validity_days=198, pending_hours=24),
                runbook=Runbook(),
            ).made
        ][-1]
        for stack in (near, far)
    }

    assert f"The log of {IMPORTER} says why" in said["Orders"]
    assert "The log of the function that imports it says why" in said["Far"]
