"""The copy of a trail in CloudWatch Logs: whether its records can be counted, and whose are among them."""

from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.places import IAM_REGIONS, are_apart, distance
from constructs_lib.wiring.recorded_trail import TrailReach, check_trail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_logs as logs
    from constructs import Construct

    from constructs_lib.wiring.recorded_trail import RecordedTrail


def log_group_of(scope: "Construct", trail: "RecordedTrail") -> "logs.ILogGroup":
    """Return the log group in which the records of a trail are counted.

    Metric filters are where the log group is, and alarms where the metric is. The log group of an organization's trail
    holds the records of all its accounts, so they are all counted.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html

    Args:
        scope: Where metric filters and alarms are to be.
        trail: The trail.

    Raises:
        ConfigurationError: If it is no trail, has no log group, or is known to be in another account or Region.
    """
    check_trail(trail)
    if trail.log_group is None:
        raise ConfigurationError(
            "trail must have a copy in CloudWatch Logs, in which records are counted: use AuditTrail, or give "
            f"ExistingTrail its log_group, got {trail.trail_name} without one"
        )
    apart = distance(cdk.Stack.of(scope), account=trail.home_account, region=trail.home_region)
    if apart is not None:
        raise ConfigurationError(
            f"trail must have its log group in {apart.what} {apart.here}, where its records are counted, got "
            f"{trail.trail_name} in {apart.there}"
        )
    return trail.log_group


def check_roles_are_seen(trail: "RecordedTrail", roles: "Sequence[iam.IRole]") -> None:
    """Refuse roles of which a trail records nothing.

    IAM is a global service: its calls are recorded in one Region of each partition, and in the account of the role.

    Args:
        trail: The trail.
        roles: Whose changes are to be counted. `check_in_iam` checks what they are.

    Raises:
        ConfigurationError: If the trail records another Region alone, or a role is known to be of another account that
            the trail does not record.
    """
    for role in roles:
        account = role.env.account
        if trail.organization_id is None and are_apart(account, trail.home_account):
            raise ConfigurationError(
                f"roles must be of account {trail.home_account}, whose calls the trail records, got {role.node.path} "
                f"of {account}"
            )
    home = trail.home_region
    sees_iam = trail.reach is TrailReach.EVERY_REGION or home in IAM_REGIONS.values()
    if roles and not sees_iam and not cdk.Token.is_unresolved(home):
        raise ConfigurationError(
            f"roles must be left out with a trail of {home} alone, since calls to IAM are recorded elsewhere, got "
            f"{', '.join(role.node.path for role in roles)}"
        )
