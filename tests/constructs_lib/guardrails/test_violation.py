"""What a finding says."""

import aws_cdk as cdk
import pytest

from constructs_lib.guardrails.template_values import Located
from constructs_lib.guardrails.violation import Severity, violation

ROLE = Located("S", "Role")


def test_a_finding_is_fatal_and_about_one_resource() -> None:
    found = violation("Rule", ROLE, "what", "how")

    assert isinstance(found, cdk.PolicyViolation)
    assert (found.rule_name, found.severity, found.description, found.fix) == ("Rule", "fatal", "what", "how")
    ((place),) = found.violating_resources
    assert (place.resource_logical_id, place.template_path, place.locations) == ("Role", "S", ["Properties"])


@pytest.mark.parametrize("severity", Severity, ids=lambda each: each.name)
def test_a_finding_is_as_severe_as_it_is_told(severity: Severity) -> None:
    assert violation("Rule", ROLE, "what", "how", severity=severity).severity == severity.value
