"""The CIS metric filters are AWS's to the last character, and count what they say."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.watching.cis_controls import CisControl
from constructs_lib.watching.metric_filters import LONGEST_DESCRIPTION, LONGEST_PATTERN
from tests.support.filter_pattern import FilterPattern
from tests.support.recorded_events import record

TESTS = Path(__file__).resolve().parents[2]
PUBLISHED: dict[str, Any] = json.loads((TESTS / "data" / "cis_metric_filters.json").read_text())
RUNBOOK = TESTS.parent / "docs" / "runbook.md"
LONGEST_LOG_GROUP_NAME = 512

# A published record of the same service for the calls of which none is published.
SERVICES = {
    "4.4": "AttachRolePolicy",
    "4.5": "DisableKey",
    "4.7": "DisableKey",
    "4.8": "PutBucketAcl",
    "4.9": "StopConfigurationRecorder",
    "4.10": "AuthorizeSecurityGroupIngress",
    "4.11": "AuthorizeSecurityGroupIngress",
    "4.12": "AuthorizeSecurityGroupIngress",
    "4.13": "AuthorizeSecurityGroupIngress",
    "4.14": "AuthorizeSecurityGroupIngress",
    "4.15": "CreateOrganizationalUnit",
}
CALL = re.compile(r'\$\.eventName ?= ?"?(\w+)"?')
BY_CALL = [
    (CisControl(number), service, call)
    for number, service in SERVICES.items()
    for call in CALL.findall(CisControl(number).counted.patterns[0])
]
IN_ANY_REGION_OF = {"4.5": "cloudtrail.amazonaws.com"}


def is_counted(control: CisControl, event: dict[str, Any]) -> bool:
    return FilterPattern(control.counted.patterns[0]).matches(event)


def test_security_hub_has_these_controls() -> None:
    assert {control.security_hub_id for control in CisControl} == {*PUBLISHED["security_hub"]["patterns"], None}


@pytest.mark.parametrize("control", CisControl, ids=lambda control: control.value)
def test_one_record_in_five_minutes_is_an_alarm(control: CisControl) -> None:
    assert (control.counted.threshold, control.counted.period_minutes) == (1, 5)


@pytest.mark.parametrize("control", CisControl, ids=lambda control: control.value)
def test_patterns_and_words_fit(control: CisControl) -> None:
    assert len(control.counted.patterns[0]) <= LONGEST_PATTERN
    assert len(control.counted.description("x" * LONGEST_LOG_GROUP_NAME)) <= LONGEST_DESCRIPTION
    assert control.counted.section == "a-cis-alarm"
    assert "\n## A CIS alarm\n" in RUNBOOK.read_text()


@pytest.mark.parametrize(("control", "service", "call"), BY_CALL, ids=lambda value: getattr(value, "value", value))
def test_a_call_is_counted_and_found(control: CisControl, service: str, call: str) -> None:
    changed = {"eventSource": IN_ANY_REGION_OF[control.value]} if control.value in IN_ANY_REGION_OF else {}
    event = record(service, eventName=call, **changed)

    assert is_counted(control, event)
    assert FilterPattern(control.counted.look_for).matches(event)


# Of which published records each control counts which; none of them counts any other.
COUNTED = {
    "4.1": {"failed/LeaveOrganization-AccessDenied", "failed/Decrypt-AccessDenied-by-config"},
    "4.2": {"sign_in/user-without-mfa"},
    "4.3": {"sign_in/root-without-mfa", "sign_in/root-failed"},
    "4.4": {"AttachRolePolicy"},
    "4.6": {"sign_in/user-failed", "sign_in/root-failed"},
    "4.7": {"DisableKey"},
    "4.8": {"PutBucketAcl"},
    "4.9": {"StopConfigurationRecorder"},
    "4.10": {"AuthorizeSecurityGroupIngress"},
    "4.15": {"CreateOrganizationalUnit", "failed/LeaveOrganization-AccessDenied"},
}
PUBLISHED_RECORDS = {
    "AttachRolePolicy",
    "AuthorizeSecurityGroupIngress",
    "CloseAccountResult",
    "CreateOrganizationalUnit",
    "Decrypt",
    "DescribeDeliveryChannels",
    "DisableKey",
    "GetBucketVersioning",
    "GetUserPolicy",
    "PutBucketAcl",
    "StopConfigurationRecorder",
    "UpdateAssumeRolePolicy",
    "failed/Decrypt-AccessDenied-by-config",
    "failed/Decrypt-IncorrectKeyException",
    "failed/Decrypt-KMSInvalidStateException",
    "failed/LeaveOrganization-AccessDenied",
    "sign_in/root-failed",
    "sign_in/root-without-mfa",
    "sign_in/user-failed",
    "sign_in/user-with-mfa",
    "sign_in/user-without-mfa",
}


@pytest.mark.parametrize("control", CisControl, ids=lambda control: control.value)
def test_of_published_records_exactly_these_are_counted(control: CisControl) -> None:
    counted = {name for name in PUBLISHED_RECORDS if is_counted(control, record(name))}

    assert counted == COUNTED.get(control.value, set())
    assert all(FilterPattern(control.counted.look_for).matches(record(name)) for name in counted)


@pytest.mark.parametrize("control", [CisControl("4.4"), CisControl("4.8"), CisControl("4.13")])
def test_the_same_call_of_another_service_is_not_counted(control: CisControl) -> None:
    call = CALL.findall(control.counted.patterns[0])[0]

    assert not is_counted(control, record(SERVICES[control.value], eventName=call, eventSource="sts.amazonaws.com"))


def test_root_that_a_service_uses_is_not_counted() -> None:
    root = record("sign_in/root-without-mfa")
    by_service = {**root, "userIdentity": {**root["userIdentity"], "invokedBy": "sso.amazonaws.com"}}

    assert is_counted(CisControl.USE_OF_ROOT, root)
    assert not is_counted(CisControl.USE_OF_ROOT, by_service)
    assert not is_counted(CisControl.USE_OF_ROOT, {**root, "eventType": "AwsServiceEvent"})
