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

# ACM's records begin with an underscore and 32 hexadecimal digits. AWS shows this length in all of its examples and
# promises it nowhere; without it the same permission would do for records such as _acme-challenge.
# https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
_RECORD_LABEL = "_" + "?" * 32


def record_statements(zone_arn: str, domain_names: Sequence[str], *, number: int = 1) -> list[iam.PolicyStatement]:
    """Return the statements by which a role puts validation records into a hosted zone.

    It may create CNAME records and never change or delete one, at names of the form that ACM's records have, directly
    below these names. What such a record points to IAM does not see, so whoever holds the permission can have
    certificates of these names issued for any account.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html

    Args:
        zone_arn: The zone.
        domain_names: The names that are validated, without `*.`.
        number: Of the zone, for the names of the statements.
    """
    names = [f"{_RECORD_LABEL}.{name}" for name in domain_names]
    return [
        iam.PolicyStatement(sid=f"LookAtRecords{number}", actions=list(LOOK_AT_RECORDS), resources=[zone_arn]),
        iam.PolicyStatement(
            sid=f"CreateRecords{number}",
            actions=list(CHANGE_RECORDS),
            resources=[zone_arn],
            conditions={
                "ForAllValues:StringLike": {RECORD_NAMES: names},
                "ForAllValues:StringEquals": {RECORD_TYPES: ["CNAME"], RECORD_ACTIONS: ["CREATE"]},
                # For a list that is not there, every value of it is allowed.
                "Null": {RECORD_NAMES: "false", RECORD_TYPES: "false", RECORD_ACTIONS: "false"},
            },
        ),
    ]
