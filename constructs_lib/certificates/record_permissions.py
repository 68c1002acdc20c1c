"""Permission to create validation records of certain names in a hosted zone, and nothing else there."""

from collections.abc import Sequence

from aws_cdk import aws_iam as iam

from constructs_lib.certificate_actions import (
    CHANGE_RECORDS,
    LOOK_AT_RECORDS,
    RECORD_ACTIONS,
    RECORD_NAMES,
    RECORD_TYPES,
)
from constructs_lib.certificates.validation_plan import is_in_zone

# ACM's records begin with an underscore and 32 hexadecimal digits. AWS shows this length in all of its examples and
# promises it nowhere; without it the same permission would do for records such as _acme-challenge.
# https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
_RECORD_LABEL = "_" + "?" * 32
# For IAM `?` is any character, a dot too: this is what has a label more between.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
_SEVERAL_LABELS = "_*.*"


def record_statements(zone_arn: str, domain_names: Sequence[str], *, number: int = 1) -> list[iam.PolicyStatement]:
    """Return the statements by which a role puts validation records into a hosted zone.

    It may create CNAME records and never change or delete one, at names of the form that ACM's records have, directly
    below these names. What such a record points to IAM does not see, so whoever holds the permission can have
    certificates of these names issued for any account.

    A name within another one has a statement of its own: for the outer name its record is one with a label too many.
    So a change may create records of one name, or of names that are not within each other.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html

    Args:
        zone_arn: The zone.
        domain_names: The names that are validated, without `*.`.
        number: Of the zone, for the names of the statements.
    """
    return [
        iam.PolicyStatement(sid=f"LookAtRecords{number}", actions=list(LOOK_AT_RECORDS), resources=[zone_arn]),
        *(
            _create_records(f"CreateRecords{number}{f'Below{depth}' if depth else ''}", zone_arn, names)
            for depth, names in enumerate(_apart(domain_names))
        ),
    ]


def _create_records(sid: str, zone_arn: str, names: Sequence[str]) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid=sid,
        actions=list(CHANGE_RECORDS),
        resources=[zone_arn],
        conditions={
            "ForAllValues:StringLike": {RECORD_NAMES: [f"{_RECORD_LABEL}.{name}" for name in names]},
            "ForAllValues:StringNotLike": {RECORD_NAMES: [f"{_SEVERAL_LABELS}.{name}" for name in names]},
            "ForAllValues:StringEquals": {RECORD_TYPES: ["CNAME"], RECORD_ACTIONS: ["CREATE"]},
            # For a list that is not there, every value of it is allowed.
            "Null": {RECORD_NAMES: "false", RECORD_TYPES: "false", RECORD_ACTIONS: "false"},
        },
    )


def _apart(names: Sequence[str]) -> list[list[str]]:
    """Return names in groups, of each of which none is within another one."""
    depths = [sum(is_in_zone(name, other) for other in names) - 1 for name in names]
    groups = ([name for name, depth in zip(names, depths, strict=True) if depth == each] for each in range(len(names)))
    return [group for group in groups if group]
