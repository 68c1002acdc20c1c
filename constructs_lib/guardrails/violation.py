"""What a rule found, as the CDK reports it: about one resource, with what to do."""

from enum import Enum

import aws_cdk as cdk

from constructs_lib.guardrails.template_values import Located


class Severity(Enum):
    """How a finding stops the synthesis."""

    FATAL = "fatal"
    """It cannot be acknowledged."""
    ERROR = "error"
    """It can, on the resource and with a reason."""


def violation(
    rule: str, place: Located, description: str, fix: str, *, severity: Severity = Severity.FATAL
) -> cdk.PolicyViolation:
    """Return a finding.

    Args:
        rule: The rule's name.
        place: The resource.
        description: What is wrong.
        fix: What to do.
        severity: By default it cannot be acknowledged.
    """
    violating = cdk.PolicyViolatingResource(
        resource_logical_id=place.logical_id, template_path=place.template, locations=["Properties"]
    )
    return cdk.PolicyViolation(
        rule_name=rule, severity=severity.value, description=description, fix=fix, violating_resources=[violating]
    )
