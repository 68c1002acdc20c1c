"""Findings of cdk-nag that do not apply: each answered on one resource, with its reason."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import aws_cdk as cdk

if TYPE_CHECKING:
    from constructs import IConstruct

HIPAA, NIST, PCI = PACKS = ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")


def answer(scope: "IConstruct", reasons: Mapping[str, str]) -> None:
    """Acknowledge findings on one construct.

    With its pack in front an acknowledged finding stays in the validation report, with its reason.

    Args:
        scope: Where they are found.
        reasons: Rule to reason.
    """
    cdk.Validations.of(scope).acknowledge(
        *(
            cdk.Acknowledgment(id=f"{rule.split('[')[0].rpartition('-')[0]}::{rule}", reason=reason)
            for rule, reason in reasons.items()
        )
    )


def as_found(value: object) -> str:
    """Return a resolved template value as cdk-nag writes it between the brackets of a finding.

    Args:
        value: A text, or intrinsic functions that join one.

    Examples:
        >>> as_found({"Fn::Join": ["", [{"Fn::GetAtt": ["Bucket", "Arn"]}, "/in/*"]]})
        '<Bucket.Arn>/in/*'
    """
    if isinstance(value, dict):
        if "Fn::Join" in value:
            separator, parts = value["Fn::Join"]
            return str(separator).join(as_found(part) for part in parts)
        if "Fn::GetAtt" in value:
            return f"<{'.'.join(value['Fn::GetAtt'])}>"
        if "Fn::ImportValue" in value:
            return as_found(value["Fn::ImportValue"])
        return f"<{value['Ref']}>" if "Ref" in value else json.dumps(value, separators=(",", ":"))
    return str(value)
