"""SeenTrail: what a watch must know of a trail."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from enum import Enum

    from aws_cdk import aws_logs as logs


class SeenTrail(Protocol):
    """A trail, as `AuditTrail` and `ExistingTrail` say it.

    Attributes:
        trail_name: Its name.
        trail_arn: Its ARN.
        home_region: The Region in which it is defined.
        home_account: The account in which it is defined.
        reach: Of which Regions it records the events: `EVERY_REGION` or `HOME_REGION`.
        organization_id: The organization whose accounts it records; None for its own account alone.
        log_group: The copy in CloudWatch Logs; None if there is none.
    """

    trail_name: str
    trail_arn: str
    home_region: str
    home_account: str
    organization_id: str | None
    log_group: "logs.ILogGroup | None"

    @property
    def reach(self) -> "Enum":
        """Of which Regions it records the events."""
