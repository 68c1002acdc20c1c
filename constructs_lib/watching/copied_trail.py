"""CopiedTrail: the copy of a trail in CloudWatch Logs, in which records can be counted."""

from typing import TYPE_CHECKING, Protocol

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_logs as logs
    from constructs import Construct

# Where IAM's own calls are recorded, in each partition; a trail of another Region alone has not seen them since 2021.
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html
_REGIONS_OF_IAM = ("us-east-1", "us-gov-west-1", "cn-north-1")


class CopiedTrail(Protocol):
    """What counting must know of a trail: `AuditTrail` and `ExistingTrail` say it.

    Attributes:
        trail_name: Its name.
        home_region: The Region in which it is defined, and its log group with it.
        home_account: The account in which it is defined.
        organization_id: The organization whose accounts it records; None for its own account alone.
        log_group: The copy in CloudWatch Logs; None if there is none.
    """

    trail_name: str
    home_region: str
    home_account: str
    organization_id: str | None
    log_group: "logs.ILogGroup | None"


def log_group_of(scope: "Construct", trail: CopiedTrail) -> "logs.ILogGroup":
    """Return the log group in which the records of a trail are counted.

    Metric filters are where the log group is, and alarms where the metric is. The log group of an organization's trail
    holds the records of all its accounts, so they are all counted.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html

    Args:
        scope: Where metric filters and alarms are to be.
        trail: The trail.

    Raises:
        ConfigurationError: If the trail has no log group, or it is known to be in another account or Region.
    """
    if trail.log_group is None:
        raise ConfigurationError(
            "trail must have a copy in CloudWatch Logs, in which records are counted: use AuditTrail, or give "
            f"ExistingTrail its log_group, got {trail.trail_name} without one"
        )
    stack = cdk.Stack.of(scope)
    for what, here, there in (
        ("Region", stack.region, trail.home_region),
        ("account", stack.account, trail.home_account),
    ):
        if _are_known(here, there) and here != there:
            raise ConfigurationError(
                f"trail must have its log group in {what} {here}, where its records are counted, got "
                f"{trail.trail_name} in {there}"
            )
    return trail.log_group


def check_roles_are_seen(trail: CopiedTrail, roles: "Sequence[iam.IRole]", *, sees_every_region: bool) -> None:
    """Refuse roles of which a trail records nothing.

    IAM is a global service: its calls are recorded in one Region of each partition, and in the account of the role.

    Args:
        trail: The trail.
        roles: Whose changes are to be counted.
        sees_every_region: Whether the trail records every Region.

    Raises:
        ConfigurationError: If the trail records another Region alone, or a role is known to be of another account that
            the trail does not record.
    """
    for role in roles:
        if not hasattr(role, "role_name") or not hasattr(role, "role_arn"):
            raise ConfigurationError(f"roles must be roles, such as iam.Role(...), got {spoken(role)}")
        account = role.env.account
        if trail.organization_id is None and _are_known(account, trail.home_account) and account != trail.home_account:
            raise ConfigurationError(
                f"roles must be of account {trail.home_account}, whose calls the trail records, got {role.node.path} "
                f"of {account}"
            )
    home = trail.home_region
    if roles and not sees_every_region and _are_known(home) and home not in _REGIONS_OF_IAM:
        raise ConfigurationError(
            f"roles must be left out with a trail of {home} alone, since calls to IAM are recorded elsewhere, got "
            f"{', '.join(role.node.path for role in roles)}"
        )


def _are_known(*texts: str) -> bool:
    return not any(cdk.Token.is_unresolved(text) for text in texts)
