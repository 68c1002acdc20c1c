"""SeenTrail: what a watch must know of a trail."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from enum import Enum

    from aws_cdk import aws_logs as logs


class SeenTrail(Protocol):
    """A trail, as `AuditTrail` and `ExistingTrail` say it."""

    @property
    def trail_name(self) -> str:
        """Its name."""

    @property
    def trail_arn(self) -> str:
        """Its ARN."""

    @property
    def home_region(self) -> str:
        """The Region in which it is defined."""

    @property
    def home_account(self) -> str:
        """The account in which it is defined."""

    @property
    def reach(self) -> "Enum":
        """Of which Regions it records the events: `EVERY_REGION` or `HOME_REGION`."""

    @property
    def organization_id(self) -> str | None:
        """The organization whose accounts it records; None for its own account alone."""

    @property
    def log_group(self) -> "logs.ILogGroup | None":
        """The copy in CloudWatch Logs; None if there is none."""
