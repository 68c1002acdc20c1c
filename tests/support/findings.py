"""Findings of the cdk-nag packs, and of every other validation plugin, as data: also the acknowledged ones."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import aws_cdk as cdk

COLLECT_ONLY = {
    "@aws-cdk/core:failSynthOnValidationErrors": False,
    "@aws-cdk/core:validationReportPrettyPrint": False,
}
"""Context under which `synth` neither raises nor prints, and the report is written all the same."""

PACKS = ("AwsSolutions", "HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321", "Serverless")


@dataclass(frozen=True, order=True)
class Finding:
    """One rule that one construct does not meet."""

    plugin: str
    rule: str
    path: str
    reason: str | None = None
    """Why it is acknowledged; None if it is not."""


def add_packs(app: "cdk.App") -> None:
    """Let all five packs look at the whole app."""
    import aws_cdk as cdk  # noqa: PLC0415  # costs a second, which tests without the CDK need not pay
    import cdk_nag  # noqa: PLC0415

    cdk.Validations.of(app).add_plugins(
        cdk_nag.AwsSolutionsChecks(app),
        cdk_nag.HIPAASecurityChecks(app),
        cdk_nag.NIST80053R5Checks(app),
        cdk_nag.PCIDSS321Checks(app),
        cdk_nag.ServerlessChecks(app),
    )


def collect_findings(app: "cdk.App") -> list[Finding]:
    """Synthesise and return every finding.

    The app needs the context `COLLECT_ONLY`. A plugin that crashes finds nothing, so that is an error here, as is
    a report that lacks one of the packs.
    """
    report = json.loads(Path(app.synth().directory, "validation-report.json").read_text())["pluginReports"]
    crashes = [f"{each['pluginName']}: {each['metadata']['error']}" for each in report if _crash_of(each)]
    if crashes:
        raise RuntimeError(f"validation plugins must not crash, got {crashes}")
    missing = set(PACKS) - {each["pluginName"] for each in report}
    if missing:
        raise RuntimeError(f"every pack must report, got nothing from {sorted(missing)}")
    return sorted(
        Finding(each["pluginName"], violation["ruleName"], where["constructPath"], violation.get("reason"))
        for each in report
        for kind in ("violations", "suppressedViolations")
        for violation in each.get(kind) or ()
        for where in violation["violatingConstructs"]
    )


def unacknowledged(findings: list[Finding]) -> list[Finding]:
    """Return the findings that nobody answered."""
    return [finding for finding in findings if finding.reason is None]


def _crash_of(report: dict[str, dict[str, str]]) -> str | None:
    return (report.get("metadata") or {}).get("error")
